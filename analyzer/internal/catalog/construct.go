package catalog

import (
	"go/types"
	"path"
	"strings"
	"sync"
)

// Builds reports whether the call opens the way to server connections that no existing pool counts: it makes a pool, a
// listener, or a connection of its own.
func (r *Row) Builds() bool {
	switch {
	case r.Path == puddle2.Path:
		return false // a pool of anything
	case r.Kind == Construct:
		return r.Resource == Pool || r.Resource == Listener
	case r.Kind == Acquire && r.Holds == Server:
		return r.Recv == "" && r.Func != "Construct" // which puts a hijacked connection together again
	}
	return false
}

// Wraps reports whether what the call makes works on the pool it is given.
func (r *Row) Wraps() bool { return r.Kind == Construct && r.Handle > 0 }

// Short returns the function as a user writes it: "pgxpool.New", "Pool.Query".
func (r *Row) Short() string {
	if r.Recv != "" {
		return strings.TrimLeft(r.Recv, "*[]") + "." + r.Func
	}
	return packageName(r.Path) + "." + r.Func
}

// packageName guesses the name of a package from its path.
func packageName(importPath string) string {
	base := path.Base(importPath)
	if majorVersion.MatchString("/"+base) && path.Dir(importPath) != "." {
		base = path.Base(path.Dir(importPath))
	}
	return base
}

// embeddedDrivers is the names of drivers whose database is in the process, or is not one: no server counts their connections.
var embeddedDrivers = map[string]bool{
	"sqlite": true, "sqlite3": true, "sqlite3_custom": true, "sqliteshim": true, "libsql": true, "duckdb": true, "ramsql": true,
	"ql": true, "ql-mem": true, "chai": true, "sqlmock": true, "txdb": true, "h2": true, "csvq": true,
}

// EmbeddedDriver reports whether a driver or dialect by this name needs no server.
func EmbeddedDriver(name string) bool {
	return embeddedDrivers[name] || strings.HasPrefix(name, "sqlite") || strings.HasPrefix(name, "sqlmock")
}

// EmbeddedPackage reports whether what a package makes, a dialector or connector, is for a database in the process.
func EmbeddedPackage(importPath string) bool {
	return strings.Contains(importPath, "sqlite") || strings.Contains(importPath, "sqlmock") || strings.Contains(importPath, "duckdb")
}

// TakesHandle reports whether a field of a library's settings takes a pool that exists already: what is built from the
// settings builds none then.
func TakesHandle(f *types.Var, owner *types.TypeName) bool {
	if owner.Pkg() == nil {
		return false // error
	}
	switch name := cleanPath(owner.Pkg().Path()) + "." + owner.Name() + "." + f.Name(); {
	case name == "gorm.io/gorm.Config.ConnPool":
		return true
	case strings.HasPrefix(name, "gorm.io/driver/"):
		return f.Name() == "Conn"
	}
	return false
}

// families is the libraries whose handles may be of one pool, by the one that makes it.
var families = sync.OnceValue(func() map[string]string {
	families := make(map[string]string)
	for _, l := range builtin() {
		if l.Family != "" {
			families[l.Path] = l.Family
		}
	}
	return families
})

// Family names the libraries whose handles may be of one pool: the path of one of them for a library, the path itself for
// another package.
func Family(importPath string) string {
	importPath = cleanPath(importPath)
	if f, ok := families()[importPath]; ok {
		return f
	}
	return importPath
}
