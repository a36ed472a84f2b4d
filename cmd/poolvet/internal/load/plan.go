package load

import (
	"maps"
	pathpkg "path"
	"slices"

	"golang.org/x/tools/go/packages"
)

// level is how much of a package is loaded.
type level uint8

const (
	exported level = iota // types from export data
	skeleton              // types from source, without function bodies
	checked               // types from source: it was requested and the compiler has not checked it
	analyzed              // types and syntax from source: it matters
)

// unit is a package with what becomes of it.
type unit struct {
	*packages.Package
	imports   map[string]*unit
	requested bool
	level     level

	done   chan struct{}   // closed when the types are there
	broken *packages.Error // the first error of the package itself, or of its cause
	cause  *unit           // the broken package that it imports
}

// unit returns the unit of pkg, made with those of all its imports if need be.
func (p *Program) unit(pkg *packages.Package) *unit {
	if u := p.units[pkg]; u != nil {
		return u
	}
	u := &unit{Package: pkg, imports: make(map[string]*unit, len(pkg.Imports))}
	p.units[pkg] = u
	for path, dep := range pkg.Imports {
		u.imports[path] = p.unit(dep)
	}
	return u
}

// plan sets the level of every package.
func (p *Program) plan() {
	order := postorder(p.requested)
	reaches := make(map[*unit]bool)
	for _, u := range order {
		if !u.requested && p.inLibrary(u.PkgPath) {
			continue // the catalog says what is to be known of it
		}
		for _, dep := range u.imports {
			if reaches[dep] || p.libraries[dep.PkgPath] || p.wrappers[dep.PkgPath] {
				reaches[u] = true
			}
		}
	}
	helpers := p.helpers(order)
	// Only what lies between the requested packages and a library matters, not what a library uses itself.
	var mark func(*unit)
	mark = func(u *unit) {
		if !reaches[u] || u.level == analyzed {
			return
		}
		u.level = analyzed
		for _, dep := range u.imports {
			mark(dep)
			markHelpers(dep, helpers)
		}
	}
	for _, u := range p.requested {
		mark(u)
	}
	for _, u := range order {
		u.level = max(u.level, u.least())
	}
}

// helpers finds the packages of the program's own modules that import what waits for something outside the program: what their
// functions wait for matters to those that hold a connection meanwhile.
func (p *Program) helpers(order []*unit) map[*unit]bool {
	out := make(map[*unit]bool)
	for _, u := range order {
		if u.Module == nil || u.Module.Version != "" {
			continue // of the standard library, or of another module
		}
		for _, dep := range u.imports {
			if p.isSlow(dep.PkgPath) {
				out[u] = true
			}
		}
	}
	return out
}

// markHelpers plans to analyze a helper and those that it uses in its turn.
func markHelpers(u *unit, helpers map[*unit]bool) {
	if !helpers[u] || u.level == analyzed {
		return
	}
	u.level = analyzed
	for _, dep := range u.imports {
		markHelpers(dep, helpers)
	}
}

// inLibrary reports whether path is a library or lies in its folder.
func (p *Program) inLibrary(path string) bool {
	for ; path != "."; path = pathpkg.Dir(path) {
		if p.libraries[path] {
			return true
		}
	}
	return false
}

// least returns the lowest level that gives a package types, once that of its imports is known.
func (u *unit) least() level {
	switch {
	case u.PkgPath == "unsafe":
		return exported
	case u.ExportFile == "" && u.requested:
		return checked
	case u.ExportFile == "":
		return skeleton
	case u.ForTest != "":
		return skeleton // its export data has the import path of the package without tests
	}
	for _, dep := range u.imports {
		if dep.level != exported {
			return skeleton // export data would declare the types of dep a second time
		}
	}
	return exported
}

// sources returns the packages to load from source, imports first.
func (p *Program) sources() []*unit {
	var roots []*unit
	for _, u := range p.requested {
		if u.level != exported {
			roots = append(roots, u)
		}
	}
	return slices.DeleteFunc(postorder(roots), func(u *unit) bool { return u.level == exported })
}

// postorder returns the units that the roots reach, in a fixed order with imports first.
func postorder(roots []*unit) []*unit {
	var order []*unit
	seen := make(map[*unit]bool)
	var visit func(*unit)
	visit = func(u *unit) {
		if seen[u] {
			return
		}
		seen[u] = true
		for _, path := range slices.Sorted(maps.Keys(u.imports)) {
			visit(u.imports[path])
		}
		order = append(order, u)
	}
	for _, u := range roots {
		visit(u)
	}
	return order
}
