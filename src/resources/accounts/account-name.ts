/** What a user or group may be called. */
export const accountName = '^[A-Za-z0-9_.][A-Za-z0-9_.-]*\\$?$';
