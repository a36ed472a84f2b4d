//go:build unix

package pgtest

import (
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// unprivileged returns whom to run the server as if the test runs as root: the user that PostgreSQL's package has made, else
// nobody. It is nil for everybody else.
func unprivileged() *syscall.Credential {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue // there is no such user
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			continue // of another system
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			continue // of another system
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return nil
}
