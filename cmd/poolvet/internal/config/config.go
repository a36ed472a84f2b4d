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
	// Env is the environment variable that names another file. A relative name is taken from the folder of go.mod, else from
	// that of go.work, so that every process of go vet, each in a folder of its own, finds the same file.
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
	roots := roots(dir)
	if file := os.Getenv(Env); file != "" {
		return named(file, roots)
	}
	for _, root := range roots {
		if other := filepath.Join(root, ".poolvet.yaml"); exists(other) {
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
