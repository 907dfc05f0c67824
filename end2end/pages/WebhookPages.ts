// Webhooks of an application.
import type { Locator } from '@playwright/test';
import { Screen } from './Screen';

export class WebhooksPage extends Screen {
  readonly add = this.main.getByRole('link', { name: 'Add webhook' }).first();

  async open(accessId: number) {
    return this.visit(`/applications/${accessId}/webhooks`);
  }

  row(url: string): Locator {
    return this.main.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name: url }) });
  }
}

export class WebhookForm extends Screen {
  readonly url = this.field('Address');

  async open(accessId: number) {
    return this.visit(`/applications/${accessId}/webhooks/new`);
  }

  /** The box of an event, by the beginning of its label. */
  event(name: string): Locator {
    return this.main.getByRole('checkbox', { name });
  }

  async submit(url: string, button = 'Create') {
    await this.url.fill(url);
    await this.button(button).click();
  }
}

export class WebhookPage extends Screen {
  readonly calls = this.main.getByRole('table', { name: 'Newest calls' });
  readonly deadLetters = this.main.getByRole('table', { name: 'Given up' });

  /** What stands beside a name. */
  value(name: string): Locator {
    return this.main.locator('.key-value').filter({ has: this.page.getByText(name, { exact: true }) }).locator('dd');
  }
}

/** Where a webhook's secret is made and shown once. */
export class WebhookSecretPage extends Screen {
  async make(button: string): Promise<string> {
    await this.button(button).click();
    return (await this.main.locator('.secret-shown').innerText()).trim();
  }
}
