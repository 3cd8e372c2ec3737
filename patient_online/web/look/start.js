initAll();
