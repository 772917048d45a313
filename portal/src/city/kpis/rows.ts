/** Height of one bar of the chart, which is known before the chart is there. */
export const ROW_PX = 46;
