package catalog

import (
	"cmp"
	"errors"
	"go/types"
	"maps"
	"slices"
	"strings"
	"sync"
)

// builtin is the libraries, the most common first: where two rows would do, the first wins.
func builtin() []Library {
	return []Library{
		pgxpool5, pgx5, pgconn5, stdlib5, puddle2,
		databaseSQL, sqlx,
		pgxpool4, pgx4, pgconn1, stdlib4,
		pgxscan, sqlscan, dbscan, squirrel, pq,
		gorm, gormPostgres, bun, pgdriver, goPG, goPGORM, xorm, xormCore, ent, entDialect,
	}
}

// Default returns the catalog of the built-in libraries.
func Default() *Catalog { return defaultCatalog() }

var defaultCatalog = sync.OnceValue(func() *Catalog { return build(builtin(), nil) })

// With returns a catalog that has the user's rows too; they win over built-in ones for the same function. The error, if any,
// is a [RowError] for every row that contradicts itself or another of the user's.
func (c *Catalog) With(user []Row) (*Catalog, error) {
	if len(user) == 0 {
		return c, nil // nothing to add
	}
	given := len(c.user)
	user = slices.Concat(c.user, user)
	seen := make(map[string]bool)
	var errs []error
	for i := range user {
		r := &user[i]
		if err := validate(r, user); err != nil {
			errs = append(errs, at(err, i-given, r))
		}
		if seen[r.Name()] {
			errs = append(errs, at(r.wrong("func", "has two rows"), i-given, r))
		}
		seen[r.Name()] = true
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return build(c.libraries, user), nil
}

// build makes the indexes. It copies the rows: the literals of the libraries stay as they are written.
func build(libraries []Library, user []Row) *Catalog {
	c := &Catalog{
		libraries: make([]Library, len(libraries)),
		funcs:     make(map[string]*Row),
		types:     make(map[string]*Class),
		methods:   make(map[string]map[string]bool),
		shapes:    make(map[string][]*Row),
		paths:     make(map[string]bool),
		rowPaths:  make(map[string]bool),
		starters:  make(map[string]*Starter),
		joins:     make(map[string]bool),
		slow:      make(map[string]string),
	}
	for i, l := range libraries {
		l.Rows = slices.Clone(l.Rows)
		for j := range l.Rows {
			l.Rows[j].Path = l.Path
			c.funcs[l.Rows[j].Name()] = &l.Rows[j]
		}
		c.libraries[i] = l
		c.paths[l.Path], c.rowPaths[l.Path] = true, true
	}
	c.user = slices.Clone(user)
	for i := range c.user {
		r := &c.user[i]
		r.user = true
		c.rowPaths[r.Path] = true
		switch r.Kind {
		case Start:
			c.starters[r.Name()] = r.starter()
		case Join:
			c.joins[r.Name()] = true
		case Slow:
			c.slow[r.Name()] = cmp.Or(r.Note, "something slow")
		default:
			c.funcs[r.Name()] = r
		}
	}

	// Classes and shapes come from the rows that won, in the order of the libraries, the user's rows last. What starts
	// goroutines or is slow has neither.
	var rows []*Row
	for _, l := range c.libraries {
		for j := range l.Rows {
			if r := &l.Rows[j]; c.funcs[r.Name()] == r {
				rows = append(rows, r)
			}
		}
	}
	for i := range c.user {
		if r := &c.user[i]; c.funcs[r.Name()] == r {
			rows = append(rows, r)
		}
	}
	c.classify(rows)
	c.classes = c.listClasses()
	c.indexShapes(rows)
	return c
}

// Func returns the row of fn, or nil. It matches the object, so a method promoted by embedding has the row of the type that
// declares it, and an instance of a generic function that of the generic one.
func (c *Catalog) Func(fn *types.Func) *Row {
	if fn == nil || fn.Pkg() == nil || !c.rowPaths[cleanPath(fn.Pkg().Path())] {
		return nil // a call of a function value, error.Error, or a package without rows
	}
	return c.funcs[key(fn)]
}

// IsLibrary reports whether the package at path is one of the built-in libraries.
func (c *Catalog) IsLibrary(path string) bool { return c.paths[cleanPath(path)] }

// Within reports whether the package is one of a cataloged library, or lies below one: its internals, its types.
func (c *Catalog) Within(path string) bool { return c.Library(path) != "" }

// Library returns the path of the cataloged library that a package is, or lies below; empty if there is none.
func (c *Catalog) Library(path string) string {
	for p := cleanPath(path); ; {
		if c.paths[p] {
			return p
		}
		i := strings.LastIndexByte(p, '/')
		if i < 0 {
			return ""
		}
		p = p[:i]
	}
}

// Libraries returns the built-in libraries, their rows complete.
func (c *Catalog) Libraries() []Library { return slices.Clone(c.libraries) }

// Paths returns the import paths of all packages with a row, the user's too, sorted.
func (c *Catalog) Paths() []string { return slices.Sorted(maps.Keys(c.rowPaths)) }

// key returns the name by which rows know fn, as [Row.Name] spells it; empty for a method of an unnamed type.
func key(fn *types.Func) string {
	fn = fn.Origin()
	if fn.Pkg() == nil {
		return "" // error.Error
	}
	recv := fn.Signature().Recv()
	if recv == nil {
		return cleanPath(fn.Pkg().Path()) + "." + fn.Name()
	}
	name := typeName(recv.Type())
	if name == "" {
		return "" // a method of an interface literal
	}
	return "(" + name + ")." + fn.Name()
}

// typeName returns the full name of t as rows spell it: the package path before the name, type arguments left out.
func typeName(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Pointer:
		if elem := typeName(t.Elem()); elem != "" {
			return "*" + elem
		}
	case *types.Slice:
		if elem := typeName(t.Elem()); elem != "" {
			return "[]" + elem
		}
	case *types.Named:
		obj := t.Obj()
		if obj.Pkg() == nil {
			return obj.Name() // error
		}
		return cleanPath(obj.Pkg().Path()) + "." + obj.Name()
	case *types.Basic:
		return t.Name()
	case *types.Chan:
		if elem := typeName(t.Elem()); elem != "" && t.Dir() == types.SendOnly {
			return "chan<- " + elem
		}
	case *types.Signature:
		return "func(" + typeNames(t.Params()) + ") " + typeNames(t.Results())
	}
	return "" // a type without a name of its own
}

// typeNames returns the full names of the types of a tuple, its variables' own names left out.
func typeNames(tuple *types.Tuple) string {
	var names []string
	for v := range tuple.Variables() {
		names = append(names, typeName(v.Type()))
	}
	return strings.Join(names, ", ")
}

// cleanPath returns the import path as rows spell it: without the vendor directory that a library was copied to, and without
// the mark of a package that was compiled for a test.
func cleanPath(path string) string {
	path, _, _ = strings.Cut(path, " [")
	if i := strings.LastIndex(path, "/vendor/"); i >= 0 {
		return path[i+len("/vendor/"):]
	}
	return strings.TrimPrefix(path, "vendor/")
}
