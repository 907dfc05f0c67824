// Troubleshooting: what is known about a complaint.
import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { Screen } from './Screen';

export class TroubleshootingPage extends Screen {
  readonly clue: Locator;
  readonly devices: Locator;
  readonly messages: Locator;

  constructor(page: Page) {
    super(page);
    this.clue = this.main.getByLabel('UserID, token or message');
    this.devices = this.main.getByRole('table', { name: 'Devices' });
    this.messages = this.main.getByRole('table', { name: 'Messages' });
  }

  async open(accessId: number, clue = '') {
    return this.visit(`/applications/${accessId}/troubleshooting${clue && `?q=${encodeURIComponent(clue)}`}`);
  }

  async search(clue: string) {
    await this.clue.fill(clue);
    await this.button('Search').click();
  }

  device(user: string): Locator {
    return this.devices.getByRole('row').filter({ hasText: user });
  }

  /** From a search to a device's own page. */
  async openDevice(user: string) {
    await this.device(user).getByRole('link', { name: 'Past and full decision' }).click();
  }

  message(text: string): Locator {
    return this.messages.getByRole('row').filter({ hasText: text });
  }
}

/** One device: what it went through, and whether a message sent now would arrive. */
export class DevicePage extends Screen {
  readonly questions = this.main.getByRole('table', { name: 'Would a message sent now arrive?' });
  readonly past = this.main.getByRole('table', { name: 'What happened to the device' });
  readonly messages = this.main.getByRole('table', { name: 'Messages' });

  question(statement: string): Locator {
    return this.questions.getByRole('row').filter({ hasText: statement });
  }

  /** The value beside a name. */
  fact(name: string): Locator {
    return this.main.locator('.key-value').filter({ has: this.page.getByText(name, { exact: true }) }).locator('.value');
  }

  /** The file behind "Download as JSON". */
  async file(): Promise<unknown> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), this.link('Download as JSON').click()]);
    return JSON.parse(readFileSync(await download.path(), 'utf8'));
  }
}
