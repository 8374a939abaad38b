import { html, trusted } from './html.ts';
import { renderPage } from './page.ts';
import { withoutPictures } from './privacy.ts';
import type { ReportData } from './report-data.ts';
import { script } from './script.ts';
import { calibrationSection } from './sections/calibration.ts';
import { classesSection } from './sections/classes.ts';
import { confusionSection } from './sections/confusion.ts';
import { dataSection } from './sections/data.ts';
import { headerSection } from './sections/header.ts';
import { learningSection } from './sections/learning.ts';
import { picturesSection } from './sections/pictures.ts';
import { provenanceSection } from './sections/provenance.ts';

/**
 * The report as one HTML file: nothing is fetched, and it can be read without its script. Names of classes and files are text of
 * strangers and are escaped throughout.
 */
export function renderReport(given: ReportData): string {
  // Sections that forget to ask then have nothing to give away.
  const data = given.pictures === false ? withoutPictures(given) : given;
  const pictures = picturesSection(data);
  const links = [
    ['learning', 'Learning'],
    ['confusion', 'Confusions'],
    ['calibration', 'Calibration'],
    ['classes', 'Classes'],
    ...(pictures ? [['pictures', 'Pictures']] : []),
    ['data', 'Data'],
    ['provenance', 'How it was made'],
  ] as const;
  const body = html`${headerSection(data)}
<nav aria-label="Sections"><ul>${links.map(([id, text]) => html`<li><a href="#${id}">${text}</a></li>`)}</ul></nav>
<main>${learningSection(data)}${confusionSection(data)}${calibrationSection(data)}${classesSection(data)}${pictures}${dataSection(data)}${provenanceSection(data)}</main>
<footer>Made by Whippet ${data.manifest.versions.whippet}. Intervals: Wilson for shares, bootstrap for cross-entropy and macro-F1, all 95 %. Test against chance: ${data.valid.chance.test}.</footer>
${trusted('<dialog id="enlarged" aria-label="Enlarged picture"><img alt=""><div class="caption"></div></dialog>')}`;
  return renderPage({ title: `${data.title} · Whippet report`, body, script });
}
