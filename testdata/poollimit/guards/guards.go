// Package guards has defaults that are set too late. ParseConfig fills MaxConns with the greater of 4 and the number of CPUs
// and refuses zero: a guard for zero after it is never true, and the default behind it is never used.
package guards

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	pgxpool4 "github.com/jackc/pgx/v4/pgxpool"
)

func badNotPositive(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	if cfg.MaxConns <= 0 { // want "this is never true"
		cfg.MaxConns = 10
	}
	return pgxpool.NewWithConfig(ctx, cfg)
}

func badZero(ctx context.Context) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(os.Getenv("DATABASE_URL"))
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL: %w", err)
	}
	if config.MaxConns == 0 { // want "this is never true"
		config.MaxConns = 8
	}
	if config.MinConns == 0 {
		config.MinConns = 1
	}
	return pgxpool.NewWithConfig(ctx, config)
}

func badBelowOne(dsn string) *pgxpool.Config {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		log.Fatal(err)
	}
	if cfg.MaxConns < 1 { // want "this is never true"
		cfg.MaxConns = 4
	}
	return cfg
}

// badTurned has the constant on the left.
func badTurned(dsn string) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	if 0 >= cfg.MaxConns { // want "this is never true"
		cfg.MaxConns = 4
	}
	return cfg, nil
}

// badSwitch has the guard in a switch.
func badSwitch(dsn string, batch bool) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	switch {
	case cfg.MaxConns <= 0: // want "this is never true"
		cfg.MaxConns = 16
	case batch:
		cfg.MaxConns = 2
	}
	return cfg, nil
}

// badVariable compares a copy of the field.
func badVariable(dsn string) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	n := cfg.MaxConns
	if n == 0 { // want "this is never true"
		n = 5
	}
	cfg.MaxConns = n
	return cfg, nil
}

// badConjunction is never true either.
func badConjunction(dsn string, n int32) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	if cfg.MaxConns <= 0 && n > 0 { // want "this is never true"
		cfg.MaxConns = n
	}
	return cfg, nil
}

// badOther sets other fields first.
func badOther(dsn string) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.MinConns = 0
	cfg.MaxConnLifetime = time.Hour
	cfg.ConnConfig.ConnectTimeout = 5 * time.Second
	if cfg.MaxConns == 0 { // want "this is never true"
		return nil, errors.New("pool_max_conns is missing")
	}
	return cfg, nil
}

// badPool asks a running pool for its configuration.
func badPool(pool *pgxpool.Pool) int32 {
	cfg := pool.Config()
	if cfg.MaxConns == 0 { // want "this is never true"
		return 4
	}
	return cfg.MaxConns
}

// badV4 has the same trap in the version before.
func badV4(ctx context.Context, dsn string) (*pgxpool4.Pool, error) {
	cfg, err := pgxpool4.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	if cfg.MaxConns <= 0 { // want "this is never true"
		cfg.MaxConns = 10
	}
	return pgxpool4.ConnectConfig(ctx, cfg)
}

// badDefaults is a helper: all its callers give it what ParseConfig has made.
func badDefaults(cfg *pgxpool.Config) {
	if cfg.MaxConns <= 0 { // want "this is never true"
		cfg.MaxConns = 10
	}
	if cfg.MaxConnIdleTime <= 0 {
		cfg.MaxConnIdleTime = time.Minute
	}
}

func connect(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	badDefaults(cfg)
	return pgxpool.NewWithConfig(ctx, cfg)
}

// parse hands on what ParseConfig has made.
func parse(dsn string) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	return cfg, nil
}

// badParsedByHelper is two functions away from it.
func badParsedByHelper(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	cfg, err := parse(dsn)
	if err != nil {
		return nil, err
	}
	if cfg.MaxConns < 1 { // want "this is never true"
		cfg.MaxConns = 10
	}
	return pgxpool.NewWithConfig(ctx, cfg)
}

// Config is a configuration of this program. Its zero is a zero.
type Config struct {
	DSN      string
	MaxConns int32
	MinConns int32
}

// okOwn guards its own configuration.
func okOwn(ctx context.Context, c Config) (*pgxpool.Pool, error) {
	if c.MaxConns <= 0 {
		c.MaxConns = 10
	}
	cfg, err := pgxpool.ParseConfig(c.DSN)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = c.MaxConns
	return pgxpool.NewWithConfig(ctx, cfg)
}

// okOwnAfter guards it after ParseConfig. It is still its own.
func okOwnAfter(ctx context.Context, cfg *Config) (*pgxpool.Pool, error) {
	poolCfg, err := pgxpool.ParseConfig(cfg.DSN)
	if err != nil {
		return nil, err
	}
	if cfg.MaxConns == 0 {
		cfg.MaxConns = 12
	}
	poolCfg.MaxConns = cfg.MaxConns
	return pgxpool.NewWithConfig(ctx, poolCfg)
}

// okMinimum is another field: its default is zero.
func okMinimum(dsn string) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	if cfg.MinConns <= 0 {
		cfg.MinConns = 2
	}
	if cfg.MinIdleConns == 0 {
		cfg.MinIdleConns = 1
	}
	return cfg, nil
}

// okTimes are other fields. The string can set them to zero.
func okTimes(dsn string) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	if cfg.MaxConnLifetime <= 0 {
		cfg.MaxConnLifetime = time.Hour
	}
	if cfg.ConnConfig.ConnectTimeout == 0 {
		cfg.ConnConfig.ConnectTimeout = 5 * time.Second
	}
	return cfg, nil
}

// okCeiling is a guard that works.
func okCeiling(dsn string) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	if cfg.MaxConns > 15 {
		cfg.MaxConns = 15
	}
	return cfg, nil
}

// okDefaultNumber looks for the library's default. That happens.
func okDefaultNumber(dsn string) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	if cfg.MaxConns <= 4 {
		cfg.MaxConns = 8
	}
	return cfg, nil
}

// okAssigned guards what it has assigned: the caller's number may be zero.
func okAssigned(dsn string, n int32) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = n
	if cfg.MaxConns <= 0 {
		cfg.MaxConns = 10
	}
	return cfg, nil
}

// okOnePath assigns on one path only. On that path the guard may be true.
func okOnePath(dsn string) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	if s := os.Getenv("DB_MAX_CONNS"); s != "" {
		n, err := strconv.ParseInt(s, 10, 32)
		if err != nil {
			return nil, err
		}
		cfg.MaxConns = int32(n)
	}
	if cfg.MaxConns < 1 {
		cfg.MaxConns = 10
	}
	return cfg, nil
}

// okExplicitZero throws the library's default away and then looks for its own.
func okExplicitZero(dsn string, byRole map[string]int32, role string) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = 0
	if n, ok := byRole[role]; ok {
		cfg.MaxConns = n
	}
	if cfg.MaxConns == 0 {
		cfg.MaxConns = 3
	}
	return cfg, nil
}

// okDisjunction is true when the number is too large. Half of it is superfluous, the guard is not.
func okDisjunction(dsn string) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	if cfg.MaxConns <= 0 || cfg.MaxConns > 30 {
		cfg.MaxConns = 30
	}
	return cfg, nil
}

// okCallback gives the configuration to functions that may set it to zero.
func okCallback(dsn string, change ...func(*pgxpool.Config)) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	for _, f := range change {
		f(cfg)
	}
	if cfg.MaxConns <= 0 {
		return nil, fmt.Errorf("max conns %d", cfg.MaxConns)
	}
	return cfg, nil
}

// okReplaced guards its own number and falls back on the one of the parsed configuration.
func okReplaced(c *Config, dsn string) (max int32, err error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return 0, err
	}
	if max = c.MaxConns; max <= 0 {
		max = cfg.MaxConns
	}
	return max, nil
}
