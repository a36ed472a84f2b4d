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
	// Env is the environment variable that names another file. A relative name is taken from the folder of go.mod, so that
	// every process of go vet, each in a folder of its own, finds the same file.
	Env = "POOLVET_CONFIG"
)

// Load returns the settings that hold in dir, or the zero Options if there is no file. The error names file and line.
func Load(dir string) (analyzer.Options, error) {
	file, err := find(dir)
	if file == "" || err != nil {
		return analyzer.Options{}, err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return analyzer.Options{}, err
	}
	return decode(display(dir, file), data)
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
	if other := filepath.Join(root, ".poolvet.yaml"); exists(other) {
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

func exists(file string) bool {
	_, err := os.Stat(file)
	return !errors.Is(err, fs.ErrNotExist)
}
