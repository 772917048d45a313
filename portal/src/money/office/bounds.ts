export const MOST_BUDGET_WON = 1_000_000_000_000; // of one budget, as the city takes it
