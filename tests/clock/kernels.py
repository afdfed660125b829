"""What kernels write when they boot, as their console, their buffer and syslogd have it."""

import datetime as dt
import os
from pathlib import Path

from logsleuth.clock.logs import Settings, open_logs
from logsleuth.sources import find

NOW = dt.datetime(2023, 12, 31, tzinfo=dt.UTC)


def freebsd(clock="1999.98", *more):
    return [
        "---<<BOOT>>---",
        "Copyright (c) 1992-2021 The FreeBSD Project.",
        "Copyright (c) 1979, 1980, 1983, 1986, 1988, 1989, 1991, 1992, 1993, 1994",
        "\tThe Regents of the University of California. All rights reserved.",
        "FreeBSD is a registered trademark of The FreeBSD Foundation.",
        "FreeBSD 13.2-RELEASE-p4 #0 releng/13.2-n254633: Tue Jun  6 10:00:00 UTC 2023",
        f"CPU: Intel(R) Celeron(R) CPU  J1900  @ 1.99GHz ({clock}-MHz K8-class CPU)",
        "real memory  = 8589934592 (8192 MB)",
        "pci0: <ACPI PCI bus> on pcib0",
        "ada0: <ST1000VN000 SC60> ATA8-ACS SATA 3.x device",
        "ada0: 300.000MB/s transfers (SATA 2.x, UDMA6, PIO 8192bytes)",
        "Trying to mount root from ufs:/dev/ada0p2 [rw]...",
        *more,
    ]


def openbsd(clock="1995.31", *more):
    return [
        "OpenBSD 7.3 (GENERIC.MP) #1125: Sat Mar 25 10:36:29 MDT 2023",
        "    builder@amd64.example.org:/usr/src/sys/arch/amd64/compile/GENERIC.MP",
        "real mem = 4260691968 (4063MB)",
        "avail mem = 4112048128 (3921MB)",
        f"cpu0: AMD GX-412TC SOC, {clock} MHz, 16-30-01",
        'em0 at pci1 dev 0 function 0 "Intel I211" rev 0x03: msi, address 00:0d:b9:00:00:01',
        "sd0 at scsibus1 targ 0 lun 0: <ATA, SB2, SBFM> t10.ATA_SB2",
        "root on sd0a (0123456789abcdef.a) swap on sd0b dump on sd0b",
        *more,
    ]


def netbsd(clock="2394.45", *more):
    return [
        "Copyright (c) 1996, 1997, 1998, 1999, 2000, 2001, 2002, 2003, 2004, 2005,",
        "    2006, 2007, 2008, 2009, 2010, 2011, 2012, 2013, 2014, 2015, 2016, 2017",
        "    The NetBSD Foundation, Inc.  All rights reserved.",
        "Copyright (c) 1982, 1986, 1989, 1991, 1993",
        "    The Regents of the University of California.  All rights reserved.",
        "",
        "NetBSD 8.2 (GENERIC) #0: Tue Mar 31 05:08:40 UTC 2020",
        "total memory = 2047 MB",
        f'cpu0: "Intel Xeon", {clock} MHz, id 0x6f6',
        "wd0 at atabus0 drive 0",
        "root on wd0a dumps on wd0b",
        *more,
    ]


def linux(clock="2394.012", *more):
    return [
        "Linux version 2.6.18-6-686 (Debian 2.6.18.dfsg.1-26) (gcc version 4.1.2) #1 SMP Mon Jul 20 18:00:00 UTC 2009",
        "BIOS-provided physical RAM map:",
        f"Detected {clock} MHz processor.",
        "hda: IC35L060AVER07-0, ATA DISK drive",
        "EXT3-fs: mounted filesystem with ordered data mode.",
        "e1000: eth0: e1000_probe: Intel(R) PRO/1000 Network Connection",
        *more,
    ]


SHUTDOWN = (
    "Waiting (max 60 seconds) for system process `vnlru' to stop... done",
    "All buffers synced.",
    "Uptime: 3d4h5m6s",
)


def logged(at, lines, tag="kernel", uptime=""):
    """As syslogd stamps them: `at` is '03-01 08:00:00', and empty lines are not sent."""
    stamp = dt.datetime.fromisoformat(f"2023-{at}").strftime("%b %e %H:%M:%S")
    return [f"{stamp} gate {tag}: {uptime}{line.strip()}" for line in lines if line.strip()]


def text(*lines):
    return "".join(f"{line}\n" for line in lines)


def put(folder: Path, files):
    """Write {name: (lines, last change)} as a machine's files: '03-01 08:00:00'."""
    for name, (lines, at) in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(*lines))
        when = dt.datetime.fromisoformat(f"2023-{at}").replace(tzinfo=dt.UTC).timestamp()
        os.utime(path, (when, when))


def opened(folder: Path, files):
    put(folder, files)
    return open_logs(find([str(folder)])[0], Settings(dt.UTC, "UTC", int(NOW.timestamp()) * 10**9, year=2023))
