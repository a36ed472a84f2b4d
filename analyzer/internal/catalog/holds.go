package catalog

import (
	"go/types"
	"strings"
)

// OfNoPool reports whether a connection of this type may have been opened by itself, outside every pool: a *pgx.Conn.
func OfNoPool(t types.Type) bool {
	switch typeName(t) {
	case "*" + pgx5.Path + ".Conn", "*" + pgx4.Path + ".Conn", "*" + pgconn5.Path + ".PgConn", "*" + pgconn1.Path + ".PgConn":
		return true
	}
	return false
}

// AnyPool reports whether the handles of a family are of a pool of anything: puddle's, which programs use for connections to
// other services too.
func AnyPool(family string) bool { return family == puddle2.Path }

// GormHook reports whether gorm runs a method of a model by this name while a statement's connection is held.
// Source: the hooks page of gorm's documentation, and point 37 of the measured semantics.
func GormHook(name string) bool {
	switch name {
	case "BeforeCreate", "AfterCreate", "BeforeUpdate", "AfterUpdate", "BeforeSave", "AfterSave", "BeforeDelete", "AfterDelete", "AfterFind":
		return true
	}
	return false
}

// RunsInBatch reports whether a row's function registers one that is run when the results of a batch are read, while the batch
// holds its connection.
func RunsInBatch(r *Row) bool { return r.Recv == "*QueuedQuery" }

// PoolHook reports whether a field of a library's configuration is a function that the pool runs to make a connection or to
// hand one out. Such a function that asks its own pool for a connection needs two at once, point 37 of the measured semantics.
func PoolHook(owner *types.TypeName, field string) bool {
	if owner == nil || owner.Pkg() == nil || owner.Name() != "Config" {
		return false
	}
	switch cleanPath(owner.Pkg().Path()) {
	case pgxpool5.Path, pgxpool4.Path:
		switch field {
		case "BeforeConnect", "AfterConnect", "BeforeAcquire", "PrepareConn", "ShouldPing":
			return true
		}
	}
	return false
}

// RunsArgument reports whether a function runs the function that it is given before it returns, and holds nothing meanwhile.
func RunsArgument(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil {
		return false // a call of a function value
	}
	if key(fn) == "(*gorm.io/gorm.DB).FindInBatches" {
		return true // each batch is read before
	}
	switch fn.Pkg().Path() {
	case "slices", "maps", "sort", "strings", "bytes":
		return true
	case "sync":
		return fn.Name() == "Range"
	}
	return strings.HasPrefix(key(fn), "path/filepath.Walk")
}

// Redirects reports whether a row's method makes a query run on the connection that is its last argument, whatever it was built
// on: bun's Conn.
func Redirects(r *Row) bool { return r.Path == bun.Path && r.Alias && r.Func == "Conn" }

// Builder reports whether a type is a query builder of squirrel's, which runs on what its RunWith was given.
func Builder(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && cleanPath(named.Obj().Pkg().Path()) == squirrel.Path
}

// Pulls reports whether fn makes two functions of an iterator: one that gives the next element, and one that stops it.
func Pulls(fn *types.Func) bool {
	if fn == nil {
		return false // a call of a function value
	}
	name := key(fn)
	return name == "iter.Pull" || name == "iter.Pull2"
}

// Drains reports whether a row's function reads the rows that it is given to their end, which closes them, unless it returns an
// error. Source: point 9 of the measured semantics.
func Drains(r *Row) bool { return r.Path == sqlx.Path && r.Recv == "" && r.Func == "StructScan" }
