// Product Management and the forms of a product.
import type { Locator } from '@playwright/test';
import { Screen } from './Screen';

export class ProductsPage extends Screen {
  readonly table = this.page.getByRole('table', { name: 'Products and their applications' });
  readonly createProduct = this.main.getByRole('link', { name: 'Create Product' }).first();

  async open(query = '') {
    return this.visit(`/products${query}`);
  }

  async search(text: string) {
    await this.page.getByLabel('Name or Access ID').fill(text);
    await this.button('Search').click();
  }

  /** The row of an application. */
  application(name: string): Locator {
    return this.table.getByRole('row').filter({ has: this.page.getByRole('link', { name, exact: true }) });
  }

  /** The row of a product itself. */
  product(name: string): Locator {
    return this.table.getByRole('row').filter({ has: this.page.getByText(name, { exact: true }) });
  }

  async configure(application: string) {
    await this.table.getByRole('link', { name: `Configure Now: ${application}`, exact: true }).click();
  }

  /** Opens the menu behind "⋯" of a product and chooses from it. */
  async operate(product: string, entry: 'Third-party Authorization' | 'Edit' | 'Delete') {
    const row = this.product(product);
    await row.locator('summary').click();
    await row.getByRole('link', { name: entry, exact: true }).click();
  }
}

export interface ProductForm {
  name?: string;
  category?: string;
  accessPoint?: string;
  platforms?: string[];
}

/** Create Product: with script a dialog over the list, without a page. */
export class CreateProductPage extends Screen {
  readonly dialog = this.page.getByRole('dialog', { name: 'Create Product' });
  readonly name = this.field('Product name');
  readonly category = this.field('Product category');
  readonly accessPoint = this.field('Service access point');
  readonly platforms = this.page.getByRole('group', { name: 'Platforms' });

  async open() {
    return this.visit('/products/new');
  }

  /** Fills in what is given; `platforms` are those ticked afterwards. */
  async fill({ name, category, accessPoint, platforms }: ProductForm) {
    if (name !== undefined) await this.name.fill(name);
    if (category) await this.category.selectOption(category);
    if (accessPoint) await this.accessPoint.selectOption(accessPoint);
    if (!platforms) return;
    for (const platform of ['Android', 'iOS', 'macOS']) {
      await this.platforms.getByRole('checkbox', { name: platform }).setChecked(platforms.includes(platform));
    }
  }

  async submit() {
    await this.button('Confirm').click();
  }

  async create(form: ProductForm) {
    await this.fill(form);
    await this.submit();
  }
}

export class EditProductPage extends Screen {
  readonly name = this.field('Product name');
  readonly category = this.field('Product category');

  async open(product: number) {
    return this.visit(`/products/${product}/edit`);
  }
}

export class AddApplicationPage extends Screen {
  readonly name = this.field('Application name');
  readonly platforms = this.page.getByRole('group', { name: 'Platform' });

  async open(product: number) {
    return this.visit(`/products/${product}/add-application`);
  }

  platform(name: string): Locator {
    return this.platforms.getByRole('radio', { name });
  }
}

/** Delete, of whatever has a page for it. */
export class DeletePage extends Screen {
  async open(path: string) {
    return this.visit(path);
  }

  confirmation(name: string): Locator {
    return this.field(`Type “${name}” to confirm`);
  }

  async confirm(name: string, button: string) {
    await this.confirmation(name).fill(name);
    await this.button(button).click();
  }
}
