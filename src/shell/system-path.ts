/** sh code with which programs of the administrator are found, whoever logs in. */
export const systemPath = 'PATH=$PATH:/usr/sbin:/sbin';
