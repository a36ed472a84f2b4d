// Package write changes files of the user's, each of them wholly or not at all.
package write

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2/maybe"
)

// Replace gives a file new content, or makes the file. Permissions stay, and of a link the file behind it is replaced. A file that
// nobody may write is not touched, although its folder would let it be replaced.
func Replace(name string, content []byte) error {
	target, perm, err := place(name)
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	if err := maybe.WriteFile(target, content, perm); err != nil {
		return fmt.Errorf("cannot write %s: %w", name, withoutPath(err))
	}
	return nil
}

// place returns the file that is to be replaced, with its permissions.
func place(name string) (target string, perm fs.FileMode, err error) {
	if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) {
		return name, 0o666, nil // it is made
	}
	if target, err = filepath.EvalSymlinks(name); err != nil {
		return "", 0, withoutPath(err)
	}
	info, err := os.Stat(target)
	switch {
	case err != nil:
		return "", 0, withoutPath(err)
	case info.Mode().Perm()&0o222 == 0:
		return "", 0, errors.New("it is read-only")
	}
	return target, info.Mode().Perm(), nil
}

// Create makes a file. The error is [fs.ErrExist] if there is something of that name.
func Create(name string, content []byte) error {
	err := create(name, content)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	return fmt.Errorf("cannot write %s: %w", name, withoutPath(err))
}

func create(name string, content []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(content)
	if err == nil {
		err = temp.Chmod(0o644)
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return err
	}
	if err = os.Link(temp.Name(), name); err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	return os.Rename(temp.Name(), name) // a file system without links
}

// withoutPath is an error without the path, which may be that of a temporary file.
func withoutPath(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err
	}
	if at, ok := errors.AsType[*os.LinkError](err); ok {
		return at.Err
	}
	return err
}
