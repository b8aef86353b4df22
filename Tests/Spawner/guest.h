#ifndef GODWIT_GUEST_H
#define GODWIT_GUEST_H

#include <stdbool.h>

/// Waits as a program that was started ahead, until it has the descriptors of an instance; false when it got none.
bool guest_standby(void);

/// Lives as a zygote whose forks break the rule `broken`: "none", "groups", "capability", "filter", "silent"; with
/// "babble" it is the zygote itself, which does not say rightly how they ended. Forks go on with `instance`, once they are
/// one. Returns the exit code, in forks too.
int guest_zygote(const char *broken, int (*instance)(void));

#endif
