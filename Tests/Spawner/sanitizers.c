// Linked into the spawner that the checks run: its environment is made by its starter, so options have to be here.

const char *__asan_default_options(void);
void __wrap___asan_handle_no_return(void);
const char *__ubsan_default_options(void);

const char *__asan_default_options(void) {
    // Leaks are looked for by tracing, which nothing may do to a spawner. 
    return "detect_leaks=0:detect_stack_use_after_return=0:abort_on_error=0:exitcode=86";
}

const char *__ubsan_default_options(void) {
    return "print_stacktrace=1";
}

// Called before what does not return, to clear marks from the whole stack. An instance leaves on a stack that the
// sanitizer does not know, within limits that leave it no room to find out.
void __wrap___asan_handle_no_return(void) {}
