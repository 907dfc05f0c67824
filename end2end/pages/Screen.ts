// What every page of the console has: its heading, messages, refusals, menus, and fields found by their labels.
import type { Locator, Page, Response } from '@playwright/test';

export abstract class Screen {
  readonly heading: Locator;
  /** The message after something was done. */
  readonly notice: Locator;
  /** Why a form was refused. */
  readonly refusal: Locator;
  readonly main: Locator;

  constructor(readonly page: Page) {
    this.heading = page.getByRole('heading', { level: 1 });
    this.main = page.getByRole('main');
    this.notice = this.main.getByRole('status').first();
    this.refusal = page.getByRole('alert');
  }

  protected async visit(path: string): Promise<Response | null> {
    return this.page.goto(path);
  }

  /** A field of the page or of the dialog over it. Labels end in a mark: "(required)", "(optional)". */
  field(label: string): Locator {
    const plain = label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const labelled = this.page.getByLabel(new RegExp(`^${plain}( \\((required|optional)\\))?$`));
    // A section may bear the same name as the field in it.
    return labelled.and(this.page.locator('input, select, textarea'));
  }

  /** Chooses the entry of a list whose text begins so. */
  async choose(list: Locator, beginning: string) {
    const entry = list.getByRole('option').filter({ hasText: new RegExp(`^\\s*${beginning}`) });
    await list.selectOption((await entry.getAttribute('value')) ?? '');
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  link(name: string): Locator {
    return this.main.getByRole('link', { name, exact: true });
  }

  /** Goes to a page by the side navigation. */
  async navigate(name: string) {
    await this.page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name }).click();
  }

  /** Goes to the same kind of page of another application, by the switcher in the top bar. */
  async switchApplication(name: string) {
    const banner = this.page.getByRole('banner');
    await banner.locator('summary').first().click();
    await banner.getByRole('link', { name }).click();
  }

  /** Opens the menu at the right end of the top bar. A summary has no role that could be asked for. */
  async openAccountMenu() {
    await this.page.getByRole('banner').locator('summary').last().click();
  }

  async signOut() {
    await this.openAccountMenu();
    await this.button('Sign out').click();
  }

  async switchLanguage(name: 'English' | '简体中文') {
    await this.openAccountMenu();
    await this.button(name).click();
  }

  async switchTheme(name: 'Like the system' | 'Light' | 'Dark') {
    await this.openAccountMenu();
    await this.button(name).click();
  }
}
