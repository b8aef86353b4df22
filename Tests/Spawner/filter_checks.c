#include "check.h"

const struct check filter_checks[] = {{NULL, NULL}};
