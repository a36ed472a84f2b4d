package load

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Lacks says why the program has no package with this import path. It is empty if it has, and in doubt: if only part of a
// module was requested, if another build, a test or another module of the workspace has the package.
func (p *Program) Lacks(path string) string {
	if len(p.variants()[path]) > 0 {
		return ""
	}
	around := p.around()
	if _, near := around.names[path]; near || !around.known {
		return ""
	}
	exists, certain := p.exists(path)
	switch {
	case !certain:
		return "" // the module cache or the network may be to blame
	case !exists:
		return fmt.Sprintf("there is no package %s", path)
	case !around.whole:
		return "" // a package that was not requested may import it
	}
	return fmt.Sprintf("no package of the program imports %s", path)
}

// LacksAll reports whether neither the program nor what Lacks doubts has a package whose import path and name match. It is
// false if not the whole module was requested.
func (p *Program) LacksAll(match func(path, name string) bool) bool {
	for _, u := range p.units {
		if match(u.PkgPath, u.Name) {
			return false
		}
	}
	around := p.around()
	if !around.known || !around.whole {
		return false // what was not requested may match
	}
	for path, name := range around.names {
		if match(path, name) || around.mains[path] && match(path, "main") {
			return false
		}
	}
	return true
}

// surroundings is what a program could have, were it built and requested in another way.
type surroundings struct {
	known bool              // false: the go command would not say
	whole bool              // all packages of the modules that the settings are for are requested
	names map[string]string // import path → name of every package that a Go file of a main module leads to, in any build
	mains map[string]bool   // those folders that have a file of a main package among others
}

// listed is what go list says of a package.
type listed struct {
	ImportPath, Name, ForTest string
	DepOnly                   bool
	GoFiles, CgoFiles         []string
	Module                    *struct{ Dir string }
	Error                     *struct{ Err string }
}

// surroundings asks the go command and the files of the main modules. It takes as long as the query for the program itself: it
// is for the case that a setting seems to match nothing.
func (p *Program) surroundings() *surroundings {
	s := &surroundings{names: make(map[string]string), mains: make(map[string]bool)}
	if driver := os.Getenv("GOPACKAGESDRIVER"); driver != "" && driver != "off" {
		return s // it is not the go command that knows the packages
	}
	modules := mainModules()
	scope := p.scope(modules)
	if len(scope) == 0 {
		return s // the settings are for others
	}
	var patterns []string
	for dir := range modules {
		patterns = append(patterns, filepath.Join(dir, "..."))
	}
	all, err := p.list(append([]string{"-deps", "-test", "--"}, patterns...))
	if err != nil {
		return s
	}
	s.whole = len(p.Problems) == 0 // what is broken may import more than can be read
	for _, l := range all {
		path, _, variant := strings.Cut(l.ImportPath, " [")
		if l.Name == "main" && strings.HasSuffix(path, ".test") {
			continue // nobody's code
		}
		s.names[path] = l.Name
		own := !l.DepOnly && !variant && l.Module != nil && slices.Contains(scope, l.Module.Dir)
		if own && len(l.GoFiles)+len(l.CgoFiles) > 0 && !p.requests(path) {
			s.whole = false
		}
	}
	s.known = p.otherBuilds(modules, s) == nil
	return s
}

func (p *Program) requests(path string) bool {
	return slices.ContainsFunc(p.requested, func(u *unit) bool { return u.PkgPath == path })
}

// otherBuilds adds the packages that this build leaves out, and what they import.
func (p *Program) otherBuilds(modules map[string]string, s *surroundings) error {
	imports := make(map[string]bool)
	for dir, module := range modules {
		if err := s.read(dir, module, imports); err != nil {
			return err
		}
	}
	delete(imports, "C")
	maps.DeleteFunc(imports, func(path string, _ bool) bool { _, known := s.names[path]; return known })
	if len(imports) == 0 {
		return nil
	}
	all, err := p.list(append([]string{"-deps", "--"}, slices.Sorted(maps.Keys(imports))...))
	for _, l := range all {
		s.names[l.ImportPath] = l.Name
	}
	return err
}

// read adds the packages in the folders of a module, whatever their files are for, and collects what these import.
func (s *surroundings) read(dir, module string, imports map[string]bool) error {
	return filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "vendor" || d.Name() == ".git" || d.Name() == "node_modules"):
			return fs.SkipDir
		case d.IsDir() || filepath.Ext(name) != ".go":
			return nil // no Go file
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return nil // the part that can be read is no use: it would be in the program
		}
		rel, err := filepath.Rel(dir, filepath.Dir(name))
		if err != nil {
			return err
		}
		folder := path.Join(module, filepath.ToSlash(rel))
		if _, known := s.names[folder]; !known {
			s.names[folder] = file.Name.Name
		}
		s.mains[folder] = s.mains[folder] || file.Name.Name == "main"
		for _, spec := range file.Imports {
			if imported, err := strconv.Unquote(spec.Path.Value); err == nil {
				imports[imported] = true
			}
		}
		return nil
	})
}

// mainModules returns the folders of the main modules with their paths: one, or those of the workspace. There are none if the go
// command does not say.
func mainModules() map[string]string {
	out, err := exec.Command("go", "list", "-m", "-f", "{{if .Main}}{{.Dir}}\t{{.Path}}{{end}}").Output()
	if err != nil {
		return nil
	}
	modules := make(map[string]string)
	for line := range strings.Lines(string(out)) {
		if dir, module, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			modules[dir] = module
		}
	}
	return modules
}

// scope returns the folders of the modules that settings in Root are for: the one whose go.mod lies beside them, else all of the
// workspace that Root holds, else the one that Root lies in. There is none if the settings lie elsewhere: they may be for
// several modules, of which this run sees one.
func (p *Program) scope(modules map[string]string) []string {
	root := p.request.Root
	if root == "" {
		root = "."
	}
	root = resolved(root)
	var below, above []string
	for _, dir := range slices.Sorted(maps.Keys(modules)) {
		switch at := resolved(dir); {
		case at == root:
			return []string{dir}
		case within(at, root):
			below = append(below, dir)
		case within(root, at):
			above = []string{dir} // the deepest comes last
		}
	}
	if work := goEnv("GOWORK"); work != "" && work != "off" && within(resolved(filepath.Dir(work)), root) {
		return below
	}
	return above
}

// goEnv returns what the go command uses for a variable, "" if it does not say.
func goEnv(name string) string {
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// resolved returns an absolute path without links, as far as there is one.
func resolved(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	if target, err := filepath.EvalSymlinks(dir); err == nil {
		dir = target
	}
	return dir
}

// within reports whether a folder lies in another.
func within(dir, other string) bool {
	rel, err := filepath.Rel(other, dir)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// list is go list -e with the arguments.
func (p *Program) list(args []string) ([]listed, error) {
	command := append([]string{"list", "-e", "-json=ImportPath,Name,ForTest,DepOnly,GoFiles,CgoFiles,Module,Error"}, p.request.BuildFlags...)
	if strings.Contains(goEnv("GOFLAGS"), "-mod=mod") {
		command = append(command, "-mod=readonly") // a question must not change go.mod
	}
	out, err := exec.Command("go", append(command, args...)...).Output()
	if err != nil {
		return nil, err
	}
	var all []listed
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var l listed
		if err := decoder.Decode(&l); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
}

// What the go command says of a package that no module of the build has, and of one that nothing imports, as it was not vendored.
var (
	absent     = []string{"is not in std", "no required module provides package", "import lookup disabled by -mod=readonly"}
	unvendored = "import lookup disabled by -mod=vendor"
)

// exists asks the go command for a package. It is not certain if the error may have to do with the machine.
func (p *Program) exists(path string) (exists, certain bool) {
	all, err := p.list([]string{"-find", "--", path})
	if err != nil || len(all) != 1 {
		return false, false // nothing that names one package
	}
	if all[0].Error == nil || strings.Contains(all[0].Error.Err, unvendored) {
		return true, true
	}
	return false, slices.ContainsFunc(absent, func(text string) bool { return strings.Contains(all[0].Error.Err, text) })
}
