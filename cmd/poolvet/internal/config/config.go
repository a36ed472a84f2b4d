// Package config finds and reads .poolvet.yml.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/poolvet/poolvet/analyzer"
)

const (
	// Name is the file beside go.mod.
	Name = ".poolvet.yml"
	// Other is a name for it that somebody could expect to be read.
	Other = ".poolvet.yaml"
	// Env is the environment variable that names another file. A relative name is taken from the folder of go.mod, so that
	// every process of go vet, each in a folder of its own, finds the same file.
	Env = "POOLVET_CONFIG"
)

// Load returns the settings that hold in dir, or the zero Options if there is no file. The error names file and line.
func Load(dir string) (analyzer.Options, error) {
	file, err := Open(dir)
	return file.Options, err
}

// Open reads the file that holds in dir. If there is none, the settings are the zero Options. The error names file and line.
func Open(dir string) (File, error) {
	path, err := find(dir)
	if path == "" || err != nil {
		return File{}, err
	}
	shown := display(dir, path)
	data, err := os.ReadFile(path)
	if err != nil {
		return File{}, unreadable(shown, path, err)
	}
	file, err := decode(shown, data)
	file.Path = path
	return file, err
}

// unreadable says in the words of a reader why a file could not be read.
func unreadable(shown, path string, err error) error {
	if info, statErr := os.Stat(path); statErr == nil && info.IsDir() {
		return fmt.Errorf("%s: is a directory, not a file", shown)
	}
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		err = at.Err // it repeats the path
	}
	return fmt.Errorf("%s: %w", shown, err)
}

// find returns the file that holds in dir, or "".
func find(dir string) (string, error) {
	root := Root(dir)
	if file := os.Getenv(Env); file != "" {
		if !filepath.IsAbs(file) {
			file = filepath.Join(root, file)
		}
		if !exists(file) {
			return "", fmt.Errorf("%s names %s, which does not exist", Env, file)
		}
		return file, nil
	}
	if root == "" {
		return "", nil // no module: go.mod has no folder to look in
	}
	if other := filepath.Join(root, Other); exists(other) {
		return "", fmt.Errorf("%s is not read; rename it to %s", display(dir, other), Name)
	}
	if file := filepath.Join(root, Name); exists(file) {
		return file, nil
	}
	return "", nil
}

// Root returns the nearest folder of dir and those above it that has a go.mod, else the nearest that has a go.work,
// else "".
func Root(dir string) string {
	if root := climb(dir, "go.mod"); root != "" {
		return root
	}
	return climb(dir, "go.work")
}

// Repository returns the nearest folder of dir and those above it that is a Git repository's, or "".
func Repository(dir string) string { return climb(dir, ".git") }

// Module returns the nearest folder of dir and those above it that has a go.mod, or "".
func Module(dir string) string { return climb(dir, "go.mod") }

// climb returns the nearest folder of dir and those above it that has a file of this name, or "".
func climb(dir, name string) string {
	for !exists(filepath.Join(dir, name)) {
		if dir == filepath.Dir(dir) {
			return ""
		}
		dir = filepath.Dir(dir)
	}
	return dir
}

// display is file as a reader in dir knows it.
func display(dir, file string) string {
	if rel, err := filepath.Rel(dir, file); err == nil {
		return rel
	}
	return file
}

// exists reports whether there is something of this name, be it a link that leads nowhere: that is to be said, not passed over.
func exists(file string) bool {
	_, err := os.Lstat(file)
	return !errors.Is(err, fs.ErrNotExist)
}
