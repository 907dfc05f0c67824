import { ROOT, expect, sub, test } from '../../fixtures/test';
import { LoginPage } from '../../pages/AccountPages';
import { DeletePage } from '../../pages/ProductPages';
import { SubAccountFormPage, SubAccountsPage } from '../../pages/SubAccountPages';

test.beforeEach(({ signIn }) => signIn());

const PASSWORD = 'a helper of the owner';

test('the root account creates a sub-account with rights, and changes them', async ({ page, apply, script, unique }) => {
  await apply({
    products: [{ name: `Team ${unique}`, access_point: 'ap-guangzhou', applications: [{ platform: 'ios' }, { platform: 'android' }] }],
  });
  const list = new SubAccountsPage(page);
  const form = new SubAccountFormPage(page);
  const name = `new-${unique}`;
  const whole = `${name}@${ROOT.name}`;
  const [ios, android] = ['iOS', 'Android'].map((platform) => `Team ${unique} ${platform}`);
  await list.open();
  await list.create.click();
  await form.name.fill(name);
  await form.password.fill(PASSWORD);
  await expect(form.name).toHaveAccessibleDescription(new RegExp(`“@${ROOT.name}” goes behind it`));
  await form.preset(ios).selectOption('Read only');
  await form.preset(android).selectOption('Developer');
  await form.button('Create').click();
  await expect(list.notice).toContainText(`Sub-account “${whole}” was created.`);
  await expect(list.row(whole)).toContainText('Read only: 1, Developer: 1');
  await expect(list.row(whole)).toContainText('None');
  await expect(list.row(whole)).toContainText('Never');

  await list.row(whole).getByRole('link', { name: whole }).first().click();
  await expect(form.preset(ios)).toHaveValue('read_only');
  await expect(form.password).toHaveValue('');
  await form.unfold(android);
  await expect(form.right(android, 'Change Basic Config')).toBeChecked();
  await expect(form.right(android, 'Manage push plans')).not.toBeChecked();
  await form.preset(ios).selectOption('No access');
  await form.right(android, 'Manage push plans').check();
  // Ticks and preset follow each other; without script the preset has to say that the ticks count.
  if (!script) await form.preset(android).selectOption('As ticked below');
  await expect(form.preset(android)).toHaveValue('custom');
  await form.mayAuthorise.check();
  await form.button('Save').click();
  await expect(list.row(whole)).toContainText('Other rights: 1');
  await expect(list.row(whole)).toContainText('Manage IM Application Authorization');
  await list.row(whole).getByRole('link', { name: whole }).first().click();
  await form.unfold(android);
  await expect(form.right(android, 'Manage push plans')).toBeChecked();
  await expect(form.right(android, 'Read message texts')).not.toBeChecked();
});

test('every wrong input of the form is refused, and the rights stay as chosen', async ({ page, apply, unique }) => {
  await apply({
    products: [{ name: `Kept ${unique}`, access_point: 'ap-guangzhou', applications: [{ platform: 'ios' }] }],
    sub_accounts: [{ name: `taken-${unique}`, password: PASSWORD }],
  });
  const form = new SubAccountFormPage(page);
  const access = form.preset(`Kept ${unique} iOS`);
  await form.openNew();
  await access.selectOption('Operator');
  await form.mayAuthorise.check();
  const wrong: [string, string, RegExp, RegExp | null][] = [
    ['', '', /Fill this in/, null],
    ['ab', PASSWORD, /at least 3 characters/, null],
    ['x'.repeat(61), PASSWORD, /at most 60 characters/, null],
    ['two words', PASSWORD, /letters, digits/, null],
    [`ok-${unique}@${ROOT.name}`, PASSWORD, /letters, digits/, null],
    [`ok-${unique}`, 'short', /./, /at least 12 characters/i],
    [`TAKEN-${unique}`, PASSWORD, /used already/, null],
  ];
  for (const [name, password, nameFault, passwordFault] of wrong) {
    await form.name.fill(name);
    await form.password.fill(password);
    await form.button('Create').click();
    await expect(form.refusal).toContainText(/need(s)? attention/);
    await expect(form.name).toHaveAccessibleDescription(nameFault);
    if (passwordFault) await expect(form.password).toHaveAccessibleDescription(passwordFault);
    await expect(form.name).toHaveValue(name);
    await expect(access).toHaveValue('operator');
    await expect(form.mayAuthorise).toBeChecked();
  }
});

test('a deleted sub-account is signed out at once', async ({ page, apply, elsewhere, unique }) => {
  const account = { name: `gone-${unique}`, password: PASSWORD };
  const { sub_accounts: [{ id }] } = await apply({ sub_accounts: [account] });
  const theirs = await elsewhere(sub(account));
  await theirs.goto('/products');
  await expect(theirs).toHaveURL('/products');

  const remove = new DeletePage(page);
  await remove.open(`/sub-accounts/${id}/delete`);
  await expect(remove.main).toContainText('It is signed out everywhere at once and cannot sign in again.');
  await remove.button('Delete sub-account').click();
  await expect(new SubAccountsPage(page).notice).toContainText(`Sub-account “gone-${unique}@${ROOT.name}” was deleted.`);

  await theirs.reload();
  await expect(theirs).toHaveURL(/\/login/);
  const login = new LoginPage(theirs);
  await login.signIn(sub(account));
  await expect(login.refusal).toHaveText('User name or password is wrong.');
});
