import type { Locator, Page } from '@playwright/test';
import { Screen } from './Screen';

/** The audit log. */
export class AuditPage extends Screen {
  readonly who: Locator;
  readonly what: Locator;
  readonly application: Locator;
  readonly outcome: Locator;
  readonly rows: Locator;
  readonly export: Locator;

  constructor(page: Page) {
    super(page);
    const filters = this.main.getByRole('search');
    this.who = filters.getByLabel('Who', { exact: true });
    this.what = filters.getByLabel('What', { exact: true });
    this.application = filters.getByLabel('Application', { exact: true });
    this.outcome = filters.getByLabel('Outcome', { exact: true });
    this.rows = this.main.getByRole('table', { name: 'Entries, newest first' }).locator('tbody > tr[id]');
    this.export = this.main.getByRole('link', { name: 'Export CSV' });
  }

  async open() {
    await this.page.goto('/audit');
  }

  async search() {
    await this.main.getByRole('button', { name: 'Search' }).click();
  }

  /** The entries about something. */
  about(name: string): Locator {
    return this.rows.filter({ hasText: name });
  }
}
