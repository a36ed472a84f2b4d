// Package initial writes the first .poolvet.yml of a module, and says what goes into the files of other tools.
package initial

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/poolvet/poolvet/cmd/poolvet/internal/config"
)

// Found is what the file is to fit.
type Found struct {
	Places    []Place  // where pools are built
	Libraries []string // import paths of the cataloged libraries that the module uses
}

// Place is a package that builds pools.
type Place struct {
	Package      string // import path; "main" for all main packages
	Constructors int    // that it names
}

// Vacant returns an error if the folder has settings already, or if they would not be read there.
func Vacant(dir string) error {
	if os.Getenv(config.Env) != "" {
		return fmt.Errorf("%s is set, so %s beside go.mod would not be read; unset it", config.Env, config.Name)
	}
	for _, name := range []string{config.Name, config.Other} {
		switch _, err := os.Lstat(filepath.Join(dir, name)); {
		case err == nil:
			return taken(name)
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
	}
	return nil
}

func taken(name string) error { return fmt.Errorf("%s exists beside go.mod; it is not touched", name) }

// Write makes the file in a folder, all of it or nothing. It is an error if there is one.
func Write(dir string, found Found) error {
	if err := Vacant(dir); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, config.Name+".*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, err = temp.WriteString(Content(found))
	if err == nil {
		err = temp.Chmod(0o644)
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return err
	}
	path := filepath.Join(dir, config.Name)
	switch err = os.Link(temp.Name(), path); {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return taken(config.Name) // somebody was faster
	}
	return os.Rename(temp.Name(), path) // a file system without links
}
