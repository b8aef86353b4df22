// Records of the kernel's log, as the kernel writes them and as somebody else might.

#include "check.h"

static void reads_records(void) {
    int32_t pid = 0, number = 0;
    EXPECT(csb_audit_parse("5,1404,17280938,-;audit: type=1326 audit(1.2:3): auid=4294967295 uid=1000 gid=1000 ses=1 "
                           "subj=unconfined pid=123 comm=\"guest\" exe=\"/function/guest\" sig=31 arch=c000003e "
                           "syscall=101 compat=0 ip=0x41 code=0x80000000\n", &pid, &number));
    EXPECT(pid == 123 && number == 101);
}

static void refuses_others(void) {
    static const char *const records[] = {
        "", ";", "5", "5,1,2,-;", "5,1,2,-;audit: type=1326", "5,1,2,-;audit: type=1326 pid=1",
        "5,1,2,-;pid=1 syscall=2",
        // Written by a program: the facility is not the kernel's.
        "12,1,2,-;audit: type=1326 pid=1 syscall=2",
        // Quoted by another record.
        "5,1,2,-;usb: name audit: type=1326 pid=1 syscall=2",
        "5,1,2,-;audit: type=1326 pid=-1 syscall=2", "5,1,2,-;audit: type=1326 pid=99999999999 syscall=2",
        "5,1,2,-;audit: type=1326 pid=1 syscall=0x2", "5,1,2,-;audit: type=1326 pid= syscall=2",
        "5,1,2,-;audit: type=1326 pid=1 syscall=", "5,1,2,-;audit: type=1300 pid=1 syscall=2",
    };
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        int32_t pid = 0, number = 0;
        EXPECT(!csb_audit_parse(records[i], &pid, &number));
    }
}

const struct check audit_checks[] = {
    {"audit: records of the kernel are read", reads_records},
    {"audit: what others may write is not", refuses_others},
    {NULL, NULL},
};
