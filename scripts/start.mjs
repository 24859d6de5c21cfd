/** `npm start`: the production studio, on port 4173 or the one in PORT. */
import { buildIfStale, serveStudio } from './studio.mjs';

const { PORT = '4173' } = process.env;

await buildIfStale();
const server = await serveStudio({ port: Number(PORT) });
server.printUrls();
