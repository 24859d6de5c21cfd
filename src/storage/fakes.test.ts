/** The fakes keep to the same contract as what they stand for. */
import { describe } from 'vitest';
import { testFiles } from './testing/files-contract.ts';
import { MemoryFiles } from './testing/memory-files.ts';
import { MemoryRecords } from './testing/memory-records.ts';
import { testRecords } from './testing/records-contract.ts';

describe('files in memory', () => testFiles(async () => new MemoryFiles()));
describe('records in memory', () => testRecords(async () => new MemoryRecords()));
