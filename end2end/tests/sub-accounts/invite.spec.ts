// Inviting somebody by a one-time link, who then sets their own password.
import { ROOT, expect, sub, test } from '../../fixtures/test';
import { violations } from '../../fixtures/accessibility';
import { LoginPage } from '../../pages/AccountPages';
import { SetPasswordPage } from '../../pages/OwnAccountPage';
import { SubAccountFormPage } from '../../pages/SubAccountPages';

const NEW = 'the kettle sings at noon';

test('somebody invited sets their own password and signs in', async ({ page, browser, contextOptions, world, script, signIn, unique }) => {
  await signIn();
  const form = new SubAccountFormPage(page);
  const name = `guest-${unique}`;
  await form.openNew();
  await form.name.fill(name);
  await form.button('Create').click();
  await expect(form.heading).toHaveText('Sign-in');
  await form.button('Make a link').click();
  const link = await form.main.getByRole('code').innerText();
  expect(link).toContain(`${world.url}/set-password/`);
  if (script) {
    await form.button('Copy link').click();
    await expect(form.main.getByText('Copied')).toBeVisible();
    expect(await violations(page)).toEqual([]);
  }

  const context = await browser.newContext({ ...contextOptions, baseURL: world.url, javaScriptEnabled: script });
  const guest = await context.newPage();
  await guest.goto(link);
  const set = new SetPasswordPage(guest);
  await expect(set.main).toContainText(`For the account ${name}@${ROOT.name}.`);
  if (script) expect(await violations(guest)).toEqual([]);
  await set.set('password1234');
  await expect(set.refusal.first()).toContainText('This is easy to guess');
  await set.set(NEW);
  await expect(guest).toHaveURL('/login');
  await expect(set.notice).toHaveText(/Your password is set/);
  await new LoginPage(guest).signIn(sub({ name, password: NEW }));
  await expect(guest).toHaveURL('/products');
  await guest.goto(link);
  await expect(guest.getByText('There is no such link')).toBeVisible();
  await context.close();
});
