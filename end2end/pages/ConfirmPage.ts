// Proving once more who one is.
import { Screen } from './Screen';

export class ConfirmPage extends Screen {
  readonly password = this.field('Your password');

  async confirm(password: string) {
    await this.password.fill(password);
    await this.button('Confirm').click();
  }
}
