package catalog

import (
	"go/types"
	"strings"
)

// Setting is what bounds the connections of a pool.
type Setting uint8

// The settings. Where a library has another name for one, the tables below say so.
const (
	NoSetting Setting = iota
	MaxOpen           // connections at most
	MaxIdle           // connections that stay open unused, at most
	MinOpen           // connections that are kept open
	Lifetime          // how long a connection may live
	IdleTime          // how long it may be unused
)

// String is the word for a setting in facts and tests.
func (s Setting) String() string {
	return [...]string{"no setting", "max open", "max idle", "min open", "lifetime", "idle time"}[s]
}

// setters is the methods that set a limit: argument 0 is the value.
var setters = map[string]Setting{
	"SetMaxOpenConns":    MaxOpen,
	"SetMaxIdleConns":    MaxIdle,
	"SetConnMaxLifetime": Lifetime,
	"SetConnMaxIdleTime": IdleTime,
}

// SettingOfMethod returns what a method sets: those of *sql.DB, of the types that pass them on (xorm's engines), and of any
// interface that has them.
func SettingOfMethod(fn *types.Func) Setting {
	if fn == nil {
		return NoSetting // a function value
	}
	recv, sig := fn.Signature().Recv(), fn.Signature()
	if recv == nil || sig.Params().Len() != 1 || sig.Results().Len() != 0 {
		return NoSetting
	}
	known := types.IsInterface(recv.Type()) || strings.HasPrefix(typeName(recv.Type()), sqlDB) || strings.Contains(typeName(recv.Type()), "xorm.io/xorm")
	if !known {
		return NoSetting // a wrapper of the program's own: what it passes on is followed
	}
	return setters[fn.Name()]
}

// fields is the settings that are fields of a library's configuration.
var fields = map[string]Setting{
	"github.com/jackc/pgx/v5/pgxpool.Config.MaxConns":        MaxOpen,
	"github.com/jackc/pgx/v5/pgxpool.Config.MinConns":        MinOpen,
	"github.com/jackc/pgx/v5/pgxpool.Config.MinIdleConns":    MinOpen,
	"github.com/jackc/pgx/v5/pgxpool.Config.MaxConnLifetime": Lifetime,
	"github.com/jackc/pgx/v5/pgxpool.Config.MaxConnIdleTime": IdleTime,
	"github.com/jackc/pgx/v4/pgxpool.Config.MaxConns":        MaxOpen,
	"github.com/jackc/pgx/v4/pgxpool.Config.MinConns":        MinOpen,
	"github.com/jackc/pgx/v4/pgxpool.Config.MaxConnLifetime": Lifetime,
	"github.com/jackc/pgx/v4/pgxpool.Config.MaxConnIdleTime": IdleTime,
	"github.com/go-pg/pg/v10.Options.PoolSize":               MaxOpen,
	"github.com/go-pg/pg/v10.Options.MinIdleConns":           MinOpen,
	"github.com/go-pg/pg/v10.Options.MaxConnAge":             Lifetime,
	"github.com/go-pg/pg/v10.Options.IdleTimeout":            IdleTime,
}

// SettingOfField returns what a field of a library's configuration sets.
func SettingOfField(owner *types.TypeName, field *types.Var) Setting {
	if owner.Pkg() == nil {
		return NoSetting // error
	}
	return fields[cleanPath(owner.Pkg().Path())+"."+owner.Name()+"."+field.Name()]
}

// Filled reports whether the function that makes a configuration has given the field a value that is not zero, so that a check
// for zero is dead. Source: pgxpool.ParseConfig, measured for MaxConns (point d of the measured semantics).
func Filled(owner *types.TypeName, field *types.Var) bool {
	return SettingOfField(owner, field) == MaxOpen && OfPgxpool(owner)
}

// OfPgxpool reports whether a type is pgxpool's: a limit of zero is an error there, not the lack of one.
func OfPgxpool(owner *types.TypeName) bool {
	return owner.Pkg() != nil && strings.HasSuffix(cleanPath(owner.Pkg().Path()), "/pgxpool")
}

// DefaultLimit is what a library's pools have for a limit if nobody sets one.
type DefaultLimit uint8

// The defaults, measured (point d of the measured semantics).
const (
	UnknownLimit DefaultLimit = iota
	Unlimited                 // database/sql and what is built on it
	ByCPU                     // pgxpool: max(4, NumCPU); go-pg: 10 * NumCPU
	OfHandle                  // that of the pool it works on
)

// Default returns the limit of a pool that the row builds.
func (r *Row) Default() DefaultLimit {
	switch {
	case r.Kind != Construct || r.Resource != Pool || r.user:
		return UnknownLimit
	case r.Wraps():
		return OfHandle
	case strings.HasSuffix(r.Path, "/pgxpool"), r.Path == "github.com/go-pg/pg/v10":
		return ByCPU
	case r.Path == puddle2.Path:
		return UnknownLimit
	}
	return Unlimited
}

// ParsesPoolKeys reports whether the call reads pool_max_conns and its kin from its connection string.
func (r *Row) ParsesPoolKeys() bool { return r.DSN > 0 && strings.HasSuffix(r.Path, "/pgxpool") }

// RefusesPoolKeys reports whether the call sends such keys to the server, which ends the connection for them. driver is the
// name of the database/sql driver, empty if the call takes none.
func (r *Row) RefusesPoolKeys(driver string) bool {
	if r.DSN == 0 || r.ParsesPoolKeys() {
		return false
	}
	if r.Driver > 0 {
		return driver == "pgx" || strings.HasPrefix(driver, "pgx/") || driver == "postgres"
	}
	return strings.Contains(r.Path, "/jackc/") || r.Path == pq.Path || r.Path == gormPostgres.Path
}

// Gets reports whether the call returns the pool of its receiver by another name: gorm's and ent's DB().
func (r *Row) Gets() bool {
	return r.Kind == Neutral && r.Resource == Pool && r.Recv != "" && !r.Transient
}

// PoolKeys is the keys of a connection string that pgxpool alone understands.
var PoolKeys = map[string]Setting{
	"pool_max_conns":                MaxOpen,
	"pool_min_conns":                MinOpen,
	"pool_min_idle_conns":           MinOpen,
	"pool_max_conn_lifetime":        Lifetime,
	"pool_max_conn_lifetime_jitter": NoSetting,
	"pool_max_conn_idle_time":       IdleTime,
	"pool_health_check_period":      NoSetting,
	"pool_ping_timeout":             NoSetting,
}

// PoolConnector reports whether fn makes a connector of a pgxpool, whose connections database/sql must not keep idle.
func PoolConnector(fn *types.Func) bool {
	return fn != nil && fn.Name() == "GetPoolConnector" && fn.Pkg() != nil && cleanPath(fn.Pkg().Path()) == stdlib5.Path
}

// CountsCPUs reports whether a function returns how many processors the machine has.
func CountsCPUs(fn *types.Func) bool {
	return fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "runtime" && (fn.Name() == "NumCPU" || fn.Name() == "GOMAXPROCS")
}
