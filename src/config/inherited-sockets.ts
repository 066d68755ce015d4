// Sockets that systemd has opened for us (sd_listen_fds): descriptors from 3 on, as LISTEN_FDS counts them, for the
// process that LISTEN_PID names.

const firstDescriptor = 3

/** The descriptors, or those of one FileDescriptorName. Throws TypeError that says why there are none. */
export function systemdDescriptors(
  name: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): readonly number[] {
  const { LISTEN_PID: pid, LISTEN_FDS: count, LISTEN_FDNAMES: names = '' } = environment
  if (pid === undefined || count === undefined) {
    throw new TypeError(
      'systemd has handed over no socket (LISTEN_FDS is not set): this is started by a service that belongs to a .socket unit',
    )
  }
  if (pid !== String(process.pid)) {
    throw new TypeError(
      `systemd’s sockets are for process ${pid}, and this is ${process.pid}: let ExecStart= start node itself, not a shell or npm`,
    )
  }
  const descriptors = Array.from({ length: Number(count) }, (_, at) => firstDescriptor + at)
  if (name === undefined) return descriptors
  const named = descriptors.filter((_, at) => names.split(':')[at] === name)
  if (named.length === 0) {
    throw new TypeError(
      `systemd has handed over no socket of the name ${JSON.stringify(name)} (FileDescriptorName=); there are: ${names}`,
    )
  }
  return named
}
