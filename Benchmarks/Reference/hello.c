// What crun, bwrap and a bare fork start in the cold-start case: answers with 64 bytes as soon as it runs, and ends.
#include <unistd.h>

int main(void) {
    static const char answer[64] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\n";
    return write(STDOUT_FILENO, answer, sizeof answer) == sizeof answer ? 0 : 1;
}
