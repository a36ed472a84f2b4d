// Package config finds and reads .poolvet.yml.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/poolvet/poolvet/analyzer"
)

const (
	// Name is the file beside go.mod.
	Name = ".poolvet.yml"
	// Other is a name for it that somebody could expect to be read.
	Other = ".poolvet.yaml"
	// Env is the environment variable that names another file. A relative name is taken from the folder of go.mod, else from
	// that of go.work, so that every process of go vet, each in a folder of its own, finds the same file.
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
	roots := roots(dir)
	if file := os.Getenv(Env); file != "" {
		return named(file, roots)
	}
	for _, root := range roots {
		if other := filepath.Join(root, Other); exists(other) {
			return "", fmt.Errorf("%s is not read; rename it to %s", display(dir, other), Name)
		}
		if file := filepath.Join(root, Name); exists(file) {
			return file, nil
		}
	}
	return "", nil
}

// named returns the file that the environment names: an absolute one, or the first of that name in the folders.
func named(file string, roots []string) (string, error) {
	places := []string{file} // absolute, or outside any module
	if !filepath.IsAbs(file) && len(roots) > 0 {
		places = nil
		for _, root := range roots {
			places = append(places, filepath.Join(root, file))
		}
	}
	if i := slices.IndexFunc(places, exists); i >= 0 {
		return places[i], nil
	}
	return "", fmt.Errorf("%s names %s, which does not exist", Env, places[0])
}

// Root returns the folder that the settings for dir belong in: that of go.mod, else that of go.work, else "".
func Root(dir string) string {
	if all := roots(dir); len(all) > 0 {
		return all[0]
	}
	return ""
}

// roots returns the folders to look for the file that holds in dir, the nearer first: that of go.mod and that of go.work.
func roots(dir string) []string {
	var all []string
	if module := climb(dir, "go.mod"); module != "" {
		all = append(all, module)
	}
	if work := workspace(dir); work != "" && !slices.Contains(all, filepath.Dir(work)) {
		all = append(all, filepath.Dir(work))
	}
	return all
}

// workspace returns the go.work file that the go command uses in dir, or "".
func workspace(dir string) string {
	switch file := os.Getenv("GOWORK"); file {
	case "off":
		return ""
	case "":
		if root := climb(dir, "go.work"); root != "" {
			return filepath.Join(root, "go.work")
		}
		return ""
	default:
		return file
	}
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
