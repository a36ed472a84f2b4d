package config

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// CheckNested returns an error if a folder with a requested package, or one between it and its module's folder, has a
// configuration that does not hold in dir: it would be ignored. Each of dirs is a package's folder and its module's.
func CheckNested(dir string, dirs [][2]string) error {
	if os.Getenv(Env) != "" {
		return nil // all others are ignored on purpose
	}
	root := Root(dir)
	seen := map[string]bool{root: true}
	for _, d := range dirs {
		for at := d[0]; d[1] != "" && !seen[at]; at = filepath.Dir(at) {
			seen[at] = true
			if file := filepath.Join(at, Name); exists(file) {
				return fmt.Errorf("%s: only %s counts here; move the settings there", display(dir, file), display(dir, filepath.Join(root, Name)))
			}
			if at == d[1] {
				break
			}
		}
	}
	return nil
}

// Hash identifies the settings of every package that go vet, run in dir, can count as the user's own: those of the module of
// dir and of the other modules of its workspace.
func Hash(dir string) (string, error) {
	own, err := Load(dir)
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	fmt.Fprintln(hash, own.Hash())
	for _, module := range workspace(dir) {
		if module == Root(dir) {
			continue // a comment in it needs no new analysis
		}
		content, _ := os.ReadFile(filepath.Join(module, Name)) // what is wrong with it, its packages will say
		fmt.Fprintf(hash, "%s %q\n", module, content)
	}
	return hex.EncodeToString(hash.Sum(nil)[:8]), nil
}

// workspace returns the folders of the modules in the workspace that holds in dir. There is none if the go command says so, or
// has nothing to say.
func workspace(dir string) []string {
	file := os.Getenv("GOWORK")
	if root := climb(dir, "go.work"); file == "" && root != "" {
		file = filepath.Join(root, "go.work")
	}
	if file == "" || file == "off" {
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
