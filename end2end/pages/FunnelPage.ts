// Conversion Funnel: figures, chart, tables, file; and the zone whose days they are.
import type { Locator, Page } from '@playwright/test';
import { Screen } from './Screen';

export type Figures = Record<string, number>;

export class FunnelPage extends Screen {
  readonly trend: Locator;
  readonly channels: Locator;
  readonly plans: Locator;
  readonly losses: Locator;

  constructor(page: Page) {
    super(page);
    this.trend = this.main.locator('#trend');
    this.channels = this.main.getByRole('table', { name: 'By channel' });
    this.plans = this.main.getByRole('table', { name: 'By push plan' });
    this.losses = this.main.getByRole('table', { name: 'Why messages were lost' });
  }

  async open(accessId: number, query = '') {
    return this.visit(`/applications/${accessId}/funnel${query}`);
  }

  total(stage: string): Locator {
    return this.main.getByTestId(`total-${stage}`);
  }

  rate(stage: string): Locator {
    return this.main.getByTestId(`rate-${stage}`);
  }

  loss(reason: string): Locator {
    return this.main.getByTestId(`loss-${reason}`);
  }

  /** The figures of the table beside the chart, line by line, and of its last line. */
  async table(): Promise<{ lines: Figures[]; total: Figures }> {
    const rows = await this.trend.locator('tbody tr, tfoot tr').evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll('td')].map((cell): [string, number] => [
          cell.dataset.stage ?? '',
          Number(cell.textContent?.replaceAll(',', '')),
        ]),
      ),
    );
    const figures = rows.map((row) => Object.fromEntries(row));
    return { lines: figures.slice(0, -1), total: figures[figures.length - 1] };
  }

  /** The same figures as the file has them. */
  async file(): Promise<{ lines: Figures[]; total: Figures; zone: string }> {
    const href = (await this.main.getByRole('link', { name: 'Download CSV' }).getAttribute('href')) ?? '';
    const text = await (await this.page.request.get(href)).text();
    const [head, ...rows] = text.replace('\uFEFF', '').trimEnd().split('\r\n').map((line) => line.split(','));
    const figures = (row: string[]) => Object.fromEntries(head.map((name, n) => [name, Number(row[n])]).slice(3));
    return { lines: rows.slice(0, -1).map(figures), total: figures(rows[rows.length - 1]), zone: rows[0][1] };
  }
}
