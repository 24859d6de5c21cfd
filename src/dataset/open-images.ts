import { type Context, type Dataset, unreadOf } from './opening.ts';

export async function openImages({ companions, unread }: Context): Promise<Dataset | null> {
  unread.push(...unreadOf(companions.images, 'image folders are not read yet'));
  return null;
}
