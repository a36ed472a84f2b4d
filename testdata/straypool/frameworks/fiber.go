package frameworks

import (
	"database/sql"

	"github.com/gofiber/fiber/v2"
	"github.com/jackc/pgx/v5/pgxpool"
)

func badFiberHandler(c *fiber.Ctx) error {
	pool, err := pgxpool.New(c.UserContext(), dsn) // want `pgxpool\.New runs on each request`
	if err != nil {
		return fiber.NewError(fiber.StatusServiceUnavailable, err.Error())
	}
	defer pool.Close()
	var n int
	if err := pool.QueryRow(c.UserContext(), "select count(*) from users").Scan(&n); err != nil {
		return err
	}
	return c.JSON(fiber.Map{"n": n})
}

// badFiberInline registers a literal on a group.
func badFiberInline(app *fiber.App) {
	api := app.Group("/api")
	api.Post("/login", func(c *fiber.Ctx) error {
		db, err := sql.Open("postgres", dsn) // want `sql\.Open runs on each request`
		if err != nil {
			return err
		}
		defer db.Close()
		var hash string
		if err := db.QueryRow("select hash from users where email = $1", c.FormValue("email")).Scan(&hash); err != nil {
			return c.SendStatus(fiber.StatusUnauthorized)
		}
		return c.SendString(hash)
	})
}

// okFiberApp has its pool in the closure.
func okFiberApp() (*fiber.App, error) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return nil, err
	}
	app := fiber.New()
	app.Use(func(c *fiber.Ctx) error {
		c.Locals("db", db)
		return c.Next()
	})
	app.Hooks().OnShutdown(db.Close)
	return app, nil
}

// okFiberHook connects when the server starts to listen, which happens once.
func okFiberHook(app *fiber.App) {
	var db *sql.DB
	app.Hooks().OnListen(func(fiber.ListenData) (err error) {
		db, err = sql.Open("postgres", dsn)
		return err
	})
	app.Get("/", func(c *fiber.Ctx) error { return db.PingContext(c.UserContext()) })
}
