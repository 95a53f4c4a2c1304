"""Files that belong to the program: body, weights and pose models, each with licence and origin."""
