/** What a page shows. Times are ISO texts; what is no time is shown as it is, and is on no timeline. */
export interface PageData {
  /** `Tenants of dev` */
  readonly title: string;
  /** Where the data is from, and what it leaves out. */
  readonly source: string;
  /** Where the timelines end. */
  readonly asOf: string;
  readonly tenants: readonly PageTenant[];
}

export interface PageTenant {
  readonly id: string;
  readonly status: string;
  readonly since: string | undefined;
  /** What there is to say of it besides. */
  readonly note: string | undefined;
  /** The status before the first of the events. */
  readonly before: string | undefined;
  /** The oldest first. */
  readonly events: readonly PageEvent[];
}

export interface PageEvent {
  readonly at: string;
  readonly name: string;
  readonly id: string | undefined;
  /** The tenant's status from then on; undefined when the event left it alone. */
  readonly status: string | undefined;
  /** What it did, or why it did nothing. */
  readonly effect: string;
}

/** How a status is drawn: by its colour, and by its pattern where colours are not told apart. */
export interface StatusLook {
  readonly name: string;
  readonly color: string;
  readonly pattern: string;
}

/** One more event of a tenant, as a live page hears of it. */
export interface PageUpdate {
  readonly tenant: Omit<PageTenant, "events">;
  readonly event: PageEvent | undefined;
}
