import type { ReportData, ReportedPicture } from './report-data.ts';

/**
 * The same report without anything that shows or names a picture: no thumbnails, no file names, no messages (which name their file).
 * Class names, counts and digests stay. What is kept on disk beside a private report must have gone through here as well.
 */
export function withoutPictures(data: ReportData): ReportData {
  const { suspectedLabels, mistakes: _mistakes, ...rest } = data;
  return {
    ...rest,
    pictures: false,
    topLosses: data.topLosses.map(nameless),
    ...(suspectedLabels && { suspectedLabels: suspectedLabels.map(nameless) }),
    refused: data.refused.map(({ name: _name, message: _message, ...kept }) => ({ ...kept, name: '', message: '' })),
    findings: data.findings.map(({ severity, summary }) => ({ severity, summary })),
  };
}

function nameless({ name: _name, thumbnail: _thumbnail, ...kept }: ReportedPicture): ReportedPicture {
  return { ...kept, name: '' };
}
