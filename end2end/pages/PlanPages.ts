// Push Plan, its Details and one message.
import type { Locator } from '@playwright/test';
import { Screen } from './Screen';

export class PlansPage extends Screen {
  readonly table = this.page.getByRole('table', { name: 'Push plans' });
  readonly create = this.main.getByRole('link', { name: 'Create Plan' });

  async open(accessId: number) {
    return this.visit(`/applications/${accessId}/plans`);
  }

  row(name: string): Locator {
    return this.table.getByRole('row').filter({ has: this.page.getByRole('link', { name, exact: true }) });
  }

  async details(name: string) {
    await this.table.getByRole('link', { name: `Details of ${name}` }).click();
  }
}

/** Create and edit a plan. */
export class PlanFormPage extends Screen {
  readonly name = this.field('Plan name');
  readonly description = this.field('Plan description');

  async openNew(accessId: number) {
    return this.visit(`/applications/${accessId}/plans/new`);
  }

  async openEdit(accessId: number, plan: number) {
    return this.visit(`/applications/${accessId}/plans/${plan}/edit`);
  }

  async submit(name: string, description: string, button: 'Create' | 'Save') {
    await this.name.fill(name);
    await this.description.fill(description);
    await this.button(button).click();
  }
}

/** Send a push, under a plan. */
export class SendPushPage extends Screen {
  readonly to = this.field('Receivers');
  readonly title = this.field('Title');
  readonly text = this.field('Text');
  readonly ext = this.field('For the app (ext)');

  async open(accessId: number, plan: number) {
    return this.visit(`/applications/${accessId}/plans/${plan}/send`);
  }

  async submit(push: { to: string; title?: string; text: string; ext?: string }) {
    await this.to.fill(push.to);
    await this.title.fill(push.title ?? '');
    await this.text.fill(push.text);
    await this.ext.fill(push.ext ?? '');
    await this.button('Send a push').click();
  }
}

export class PlanDetailsPage extends Screen {
  readonly history = this.page.getByRole('table', { name: 'Offline message sending history' });
  readonly user = this.page.getByLabel('Receiver (UserID)');

  async open(accessId: number, plan: number, query = '') {
    return this.visit(`/applications/${accessId}/plans/${plan}${query}`);
  }

  /** The row of the message with this text. */
  message(text: string): Locator {
    return this.history.getByRole('row').filter({ has: this.page.getByText(text, { exact: true }) });
  }

  count(of: 'accepted' | 'waiting' | 'sent' | 'skipped' | 'failed'): Locator {
    return this.page.getByTestId(`count-${of}`);
  }

  async filter(by: { user?: string; state?: string; channel?: string; reason?: string }) {
    if (by.user !== undefined) await this.user.fill(by.user);
    if (by.state) await this.page.getByLabel('State').selectOption(by.state);
    if (by.channel) await this.page.getByLabel('Channel').selectOption(by.channel);
    if (by.reason) await this.page.getByLabel('Reason').selectOption(by.reason);
    await this.button('Search').click();
  }

  async openMessage(text: string) {
    await this.message(text).getByRole('link', { name: /^Details of/ }).click();
  }
}

export class MessagePage extends Screen {
  readonly deliveries = this.page.getByRole('table', { name: 'What happened' });

  /** The stops of the way to the first device before its first try, and after its last. */
  readonly before = this.main.locator('.timeline').first();
  readonly after = this.main.locator('.timeline').last();

  /** The row of a receiver's device, by the channel it went through, behind which the device's own may stand. */
  delivery(channel: string): Locator {
    const cell = this.page.getByRole('cell', { name: new RegExp(`^${channel}( The device’s own: \\w+)?$`) });
    return this.deliveries.getByRole('row').filter({ has: cell });
  }
}
