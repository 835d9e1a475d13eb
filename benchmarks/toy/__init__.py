"""The toy ward in several engines: `world` says what it is, each other module is one way to simulate it."""
