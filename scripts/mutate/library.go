package main

import (
	"go/ast"
	"go/types"
	"strings"
)

// releases says which methods of which types give a resource back. A method is known by its object, so promoted ones count.
var releases = map[string][]string{
	"database/sql.Rows": {"Close"},
	"database/sql.Tx":   {"Commit", "Rollback"},
	"database/sql.Conn": {"Close"},
	"database/sql.Stmt": {"Close"},

	"github.com/jackc/pgx/v5.Rows":         {"Close"},
	"github.com/jackc/pgx/v5.Tx":           {"Commit", "Rollback"},
	"github.com/jackc/pgx/v5.Conn":         {"Close"},
	"github.com/jackc/pgx/v5.BatchResults": {"Close"},
	"github.com/jackc/pgx/v5/pgxpool.Conn": {"Release"},
	"github.com/jackc/pgx/v5/pgxpool.Tx":   {"Commit", "Rollback"},
	"github.com/jackc/pgx/v4.Rows":         {"Close"},
	"github.com/jackc/pgx/v4.Tx":           {"Commit", "Rollback"},
	"github.com/jackc/pgx/v4.Conn":         {"Close"},
	"github.com/jackc/pgx/v4.BatchResults": {"Close"},
	"github.com/jackc/pgx/v4/pgxpool.Conn": {"Release"},
	"github.com/jackc/pgx/v4/pgxpool.Tx":   {"Commit", "Rollback"},

	"github.com/jmoiron/sqlx.NamedStmt": {"Close"},
	"github.com/uptrace/bun.Tx":         {"Commit", "Rollback"},
	"github.com/uptrace/bun.Conn":       {"Close"},
	"github.com/go-pg/pg/v10.Tx":        {"Commit", "Rollback", "Close"},
	"github.com/go-pg/pg/v10.Conn":      {"Close"},
	"gorm.io/gorm.DB":                   {"Commit", "Rollback"},
	"github.com/jinzhu/gorm.DB":         {"Commit", "Rollback"},
	"xorm.io/xorm.Session":              {"Close", "Commit", "Rollback"},
	"xorm.io/xorm.Rows":                 {"Close"},
}

// rowTypes are what holds a connection until it is scanned.
var rowTypes = []string{
	"database/sql.Row", "github.com/jackc/pgx/v5.Row", "github.com/jackc/pgx/v4.Row", "github.com/jmoiron/sqlx.Row",
}

// pools are the types of a pool, and those of what works on one connection of it.
var (
	pools = []string{
		"database/sql.DB", "github.com/jackc/pgx/v5/pgxpool.Pool", "github.com/jackc/pgx/v4/pgxpool.Pool", "github.com/jmoiron/sqlx.DB",
		"github.com/uptrace/bun.DB", "gorm.io/gorm.DB", "github.com/go-pg/pg/v10.DB",
	}
	singles = []string{
		"database/sql.Tx", "database/sql.Conn", "github.com/jackc/pgx/v5.Tx", "github.com/jackc/pgx/v5/pgxpool.Tx", "github.com/jackc/pgx/v5/pgxpool.Conn",
		"github.com/jackc/pgx/v4.Tx", "github.com/jackc/pgx/v4/pgxpool.Tx", "github.com/jackc/pgx/v4/pgxpool.Conn", "github.com/jmoiron/sqlx.Tx",
		"github.com/uptrace/bun.Tx", "github.com/go-pg/pg/v10.Tx",
	}
)

// bounds are the methods that bound goroutines, and limits those that bound a pool, with the places of the number.
var (
	bounds = map[string]bool{
		"(*golang.org/x/sync/errgroup.Group).SetLimit": true,
	}
	limits = map[string]bool{
		"(*database/sql.DB).SetMaxOpenConns": true,
	}
)

// typeName returns package and name of a type, without pointers, as the tables have them.
func typeName(t types.Type) string {
	if t == nil {
		return ""
	}
	t = types.Unalias(t)
	if ptr, ok := t.(*types.Pointer); ok {
		t = types.Unalias(ptr.Elem())
	}
	named, ok := t.(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return "" // nothing of a library
	}
	path := named.Obj().Pkg().Path()
	if _, after, vendored := strings.Cut(path, "/vendor/"); vendored {
		path = after
	}
	return path + "." + named.Obj().Name()
}

// method returns the method that a call calls, with the expression that it is called on.
func method(info *types.Info, call *ast.CallExpr) (*types.Func, *ast.SelectorExpr) {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil, nil
	}
	selection := info.Selections[sel]
	if selection == nil || selection.Kind() != types.MethodVal {
		return nil, nil
	}
	return selection.Obj().(*types.Func), sel
}

// isRelease reports whether a call gives its receiver back.
func isRelease(info *types.Info, call *ast.CallExpr) bool {
	fn, _ := method(info, call)
	if fn == nil {
		return false
	}
	for _, name := range releases[typeName(fn.Signature().Recv().Type())] {
		if fn.Name() == name {
			return true
		}
	}
	return false
}

// isHolder reports whether values of a type are to be given back.
func isHolder(t types.Type) bool {
	name := typeName(t)
	if strings.HasSuffix(name, "gorm.DB") {
		return false // mostly a pool
	}
	return releases[name] != nil || name == "github.com/jmoiron/sqlx.Rows" || name == "github.com/jmoiron/sqlx.Tx"
}
