package catalog

import (
	"go/types"
	"regexp"
	"strings"
)

// Waits reports whether a call waits for a connection of a pool for as long as its context lets it. go-pg gives up by itself:
// its PoolTimeout is 30 seconds if it is not set. Nothing else that a library or the server has bounds this wait: neither the
// ConnectTimeout of pgx nor statement_timeout, which begin with a connection.
func (r *Row) Waits() bool { return r.Blocks && r.Path != goPGPath && r.Path != goPGORMPath }

// Probe reports whether a call only asks if the database is there.
func (r *Row) Probe() bool { return r.Func == "Ping" || r.Func == "PingContext" }

// schemaFuncs is the methods of gorm and xorm that bring the schema to what the program needs.
var schemaFuncs = regexp.MustCompile(`^(AutoMigrate|Sync2?|SyncWithOptions|CreateTables|DropTables|CreateIndexes|CreateUniques|DropIndexes|ImportFile)$`)

// ForSchema reports whether a call changes the schema, or reads it to do so.
func (r *Row) ForSchema() bool { return r.Recv == "Migrator" || schemaFuncs.MatchString(r.Func) }

var (
	sqlComment = regexp.MustCompile(`^(\s+|--[^\n]*(\n|$)|/\*(?s:.*?)\*/)+`)
	schemaSQL  = regexp.MustCompile(`(?i)^(create\s+(or\s+replace\s+)?(unique\s+)?(unlogged\s+)?(table|index|type|extension|schema|function|procedure|trigger|view|materialized|sequence|domain|role|database)|alter|drop|comment\s+on|grant|pragma)\b`)
)

// ChangesSchema reports whether a statement changes the schema.
func ChangesSchema(sql string) bool {
	return schemaSQL.MatchString(sqlComment.ReplaceAllString(sql, ""))
}

// migrating matches the names of packages, types and functions that bring a schema to what the program needs.
var migrating = regexp.MustCompile(`(?i)migrat|^(init|ensure|create|apply|upgrade|setup)\w*(schema|tables?)$`)

// NamesMigration reports whether a function by this name brings a schema to what the program needs.
func NamesMigration(name string) bool { return migrating.MatchString(name) }

// Migrates reports whether fn brings a schema to what the program needs, by its name, its type's or its package's.
func Migrates(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil {
		return false // a function value
	}
	recv := ""
	if r := fn.Signature().Recv(); r != nil {
		recv = typeName(r.Type())
		recv = recv[strings.LastIndexByte(recv, '.')+1:]
	}
	return migrating.MatchString(fn.Name()) || migrating.MatchString(recv) || migrating.MatchString(fn.Pkg().Name())
}

// carriers is the functions that return the context they are given (argument 0) with something added, but no end. Package
// context has its own table.
var carriers = map[string]bool{
	"golang.org/x/sync/errgroup.WithContext":                  true,
	"google.golang.org/grpc/metadata.NewIncomingContext":      true,
	"google.golang.org/grpc/metadata.NewOutgoingContext":      true,
	"google.golang.org/grpc/metadata.AppendToOutgoingContext": true,
	"(go.opentelemetry.io/otel/trace.Tracer).Start":           true,
	"go.opentelemetry.io/otel/trace.ContextWithSpan":          true,
	"go.opentelemetry.io/otel/trace.ContextWithSpanContext":   true,
	"go.opentelemetry.io/otel/baggage.ContextWithBaggage":     true,
	"(github.com/rs/zerolog.Logger).WithContext":              true,
	"github.com/go-logr/logr.NewContext":                      true,
	"github.com/getsentry/sentry-go.SetHubOnContext":          true,
	"runtime/trace.NewTask":                                   true,
	"runtime/pprof.WithLabels":                                true,
}

// ContextCarries reports whether fn returns a context that has a deadline only if the one it is given (argument 0) has.
func ContextCarries(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil {
		return false // a call of a function value
	}
	return ContextPass(fn) || ContextDerive(fn) && !SetsDeadline(fn) || carriers[unversioned(key(fn))]
}

// EndlessContext reports whether fn makes a context without a deadline, and whether it does so out of another one.
func EndlessContext(fn *types.Func) (endless, detached bool) {
	if !ContextNever(fn) {
		return false, false
	}
	return true, fn.Name() == "WithoutCancel"
}

// handleContexts is the methods that put a context (argument 0) into the handle they return.
var handleContexts = map[string]bool{
	"(*gorm.io/gorm.DB).WithContext":         true,
	"(*xorm.io/xorm.Engine).Context":         true,
	"(*xorm.io/xorm.Session).Context":        true,
	"(xorm.io/xorm.EngineInterface).Context": true,
}

// SetsHandleContext reports whether fn returns its receiver with a context in it (argument 0).
func SetsHandleContext(fn *types.Func) bool { return fn != nil && handleContexts[key(fn)] }

// MaySetContext reports whether fn returns its receiver with settings in it that may be a context.
func MaySetContext(fn *types.Func) bool {
	if fn == nil {
		return false // a call of a function value
	}
	switch key(fn) {
	case "(*gorm.io/gorm.DB).Session", "(*gorm.io/gorm.DB).Scopes":
		return true
	}
	return SetsHandleContext(fn)
}

// ContextInHandle returns the method that sets the context of what a call works on, where calls take none themselves; empty
// where they do, or where another method of that library does.
func (r *Row) ContextInHandle() string {
	switch {
	case r.Path == gormPath && (r.Recv == "*DB" || r.Recv == "*Association"):
		return "WithContext"
	case r.Path == xormPath && r.Func == "Transaction":
		return "NewSession().Context" // Context itself is for one query
	case r.Path == xormPath:
		return "Context"
	}
	return ""
}

// OnlyPool reports whether an interface has a method to begin a transaction that no transaction has.
func OnlyPool(iface types.Type) bool {
	for _, name := range []string{"BeginTx", "BeginTxx", "Beginx", "Begin"} {
		obj, _, _ := types.LookupFieldOrMethod(iface, true, nil, name)
		if m, ok := obj.(*types.Func); ok && (name != "Begin" || !takesContext(m.Signature())) {
			return true
		}
	}
	return false
}

// RunsOn reports whether fn returns its receiver, a query, with what it is to run on (argument 0).
func RunsOn(fn *types.Func) bool {
	return fn != nil && fn.Pkg() != nil && fn.Name() == "RunWith" && cleanPath(fn.Pkg().Path()) == squirrel.Path
}

// BoundsWaits reports whether a field of a library's settings is a timeout for all waits of the pool.
func BoundsWaits(f *types.Var, owner *types.TypeName) bool {
	if owner.Pkg() == nil || cleanPath(owner.Pkg().Path()) != gormPath || owner.Name() != "Config" {
		return false // not gorm's
	}
	return f.Name() == "DefaultContextTimeout"
}

// callersContexts is how to get the context of a request from what its handler is given, where that has no method Context. A
// major version in the path is left out.
var callersContexts = map[string]string{
	"context.Context":                          "",
	"*github.com/valyala/fasthttp.RequestCtx":  "",
	"*github.com/gin-gonic/gin.Context":        ".Request.Context()",
	"github.com/labstack/echo.Context":         ".Request().Context()",
	"*github.com/labstack/echo.Context":        ".Request().Context()",
	"*github.com/gofiber/fiber.Ctx":            ".UserContext()",
	"*github.com/kataras/iris/context.Context": ".Request().Context()",
}

// CallersContext returns how the caller's context is got from a parameter of the type: nothing to add if it is one, a call of a
// method else. ok is false if there is no way.
func CallersContext(t types.Type) (suffix string, ok bool) {
	if suffix, ok = callersContexts[unversioned(typeName(t))]; ok {
		return suffix, true
	}
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "Context")
	m, isFunc := obj.(*types.Func)
	if !isFunc || m.Signature().Params().Len() > 0 || m.Signature().Results().Len() != 1 {
		return "", false // nothing of that name, or something else
	}
	return ".Context()", typeName(m.Signature().Results().At(0).Type()) == "context.Context"
}

// Command reports whether a function with these parameters is what a command line runs: nothing runs beside it.
func Command(sig *types.Signature) bool {
	for v := range sig.Params().Variables() {
		switch unversioned(typeName(v.Type())) {
		case "*github.com/spf13/cobra.Command", "*github.com/urfave/cli.Context", "*github.com/urfave/cli.Command":
			return true
		}
	}
	return false
}

// pausing matches the names of functions that wait before they return.
var pausing = regexp.MustCompile(`(?i)sleep|wait|back_?off|delay|pause|throttle|limit|jitter|yield|tick`)

// Pauses reports whether a call of fn may wait before it returns: by its name, or because it is given how long.
func (c *Catalog) Pauses(fn *types.Func) bool {
	if fn == nil {
		return true // a function value: nobody knows
	}
	if WaitsForRoom(fn) || c.Joins(fn) || pausing.MatchString(fn.Name()) {
		return true
	}
	if fn.Pkg() != nil && fn.Pkg().Path() == "time" {
		return strings.HasPrefix(fn.Name(), "After") || strings.HasPrefix(fn.Name(), "New")
	}
	for v := range fn.Signature().Params().Variables() {
		if typeName(v.Type()) == "time.Duration" {
			return true
		}
	}
	return false
}

// collides matches the names of functions that ask whether an error says that something is there already.
var collides = regexp.MustCompile(`(?i)unique|dup|exist|conflict|taken|collision`)

// uniqueViolation is the SQLSTATE of a key that is there already.
const uniqueViolation = "23505"

// Collides reports whether a name or an SQLSTATE says that something is there already: who then tries again tries another one.
func Collides(word string) bool { return word == uniqueViolation || collides.MatchString(word) }
