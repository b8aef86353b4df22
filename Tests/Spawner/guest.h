#ifndef GODWIT_GUEST_H
#define GODWIT_GUEST_H

/// Lives as a zygote whose forks break the rule `broken`: "none", "groups", "capability", "filter", "silent"; with
/// "babble" it is the zygote itself, which does not say rightly how they ended. Returns the exit code, in forks too.
int guest_zygote(const char *broken);

#endif
