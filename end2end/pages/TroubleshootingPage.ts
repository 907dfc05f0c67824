// Troubleshooting: what is known about a complaint.
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

  message(text: string): Locator {
    return this.messages.getByRole('row').filter({ hasText: text });
  }
}
