package config

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/poolvet/poolvet/analyzer"
)

// CheckNested returns an error if a folder with a requested package, or one between it and its module's folder, has a
// configuration that does not hold in dir: it would be ignored. Each of dirs is a package's folder and its module's.
func CheckNested(dir string, dirs [][2]string) error {
	if os.Getenv(Env) != "" {
		return nil // all others are ignored on purpose
	}
	holds := Name // where it would be
	if roots := roots(dir); len(roots) > 0 {
		holds = filepath.Join(roots[0], Name)
	}
	if file, _ := find(dir); file != "" {
		holds = file
	}
	seen := map[string]bool{filepath.Dir(holds): true}
	for _, d := range dirs {
		for at := d[0]; d[1] != "" && !seen[at]; at = filepath.Dir(at) {
			seen[at] = true
			if file := filepath.Join(at, Name); exists(file) {
				return fmt.Errorf("%s: only %s counts here; move the settings there", display(dir, file), display(dir, holds))
			}
			if at == d[1] {
				break
			}
		}
	}
	return nil
}

// LoadPackage is Load for go vet, which sees one package at a time, in dir: a configuration between it and the folder of its
// module is an error there too.
func LoadPackage(dir string) (analyzer.Options, error) {
	if module := climb(dir, "go.mod"); module != "" {
		if err := CheckNested(module, [][2]string{{dir, module}}); err != nil {
			return analyzer.Options{}, err
		}
	}
	return Load(dir)
}

// Hash identifies the settings of every package that go vet, run in dir, can count as the user's own: those of the module of
// dir and of the other modules of its workspace.
func Hash(dir string) (string, error) {
	own, err := Load(dir)
	if err != nil {
		return "", err
	}
	holds, err := find(dir)
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	fmt.Fprintln(hash, own.Hash())
	for _, module := range members(workspace(dir)) {
		file, err := find(module)
		if err == nil && (file == holds || file == "") {
			continue // that one is in the hash, without its comments
		}
		content, _ := os.ReadFile(file) // what is wrong with it, its packages will say
		fmt.Fprintf(hash, "%s %q %v\n", module, content, err)
	}
	return hex.EncodeToString(hash.Sum(nil)[:8]), nil
}

// members returns the folders of the modules that a go.work file lists. There are none if the go command has nothing to say.
func members(file string) []string {
	if file == "" {
		return nil
	}
	out, err := exec.Command("go", "work", "edit", "-json", file).Output()
	if err != nil {
		return nil // go vet will fail on it too
	}
	var work struct{ Use []struct{ DiskPath string } }
	if json.Unmarshal(out, &work) != nil {
		return nil
	}
	var modules []string
	for _, use := range work.Use {
		module := use.DiskPath
		if !filepath.IsAbs(module) {
			module = filepath.Join(filepath.Dir(file), module)
		}
		modules = append(modules, module)
	}
	return modules
}
