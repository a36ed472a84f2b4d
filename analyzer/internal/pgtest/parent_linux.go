package pgtest

import "syscall"

// endWithParent has the server end when the test is killed before it can clean up.
func endWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGINT }
