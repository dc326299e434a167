/** sh code that makes the account tools of /usr/sbin found by users whose PATH lacks it. */
export const accountPath = 'PATH=$PATH:/usr/sbin:/sbin';

/** What a user or group may be called. */
export const accountName = '^[A-Za-z0-9_.][A-Za-z0-9_.-]*\\$?$';
